// What a frame of a CAN bus costs: its decoding by SAE J1939 or a DBC file, and its whole way
// through the driver.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/candump.h"
#include "drivers/can/dbc.h"
#include "drivers/can/dbc_field.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {
namespace {

/// A truck's bus: of ten frames four are read, as the kernel's filters let them pass.
std::vector<CanFrame> J1939Frames() {
  constexpr std::array kIds{0x0CF00400U, 0x18FEF100U, 0x18FEEE00U, 0x18FEF500U,
                            0x18FEFC17U, 0x18FEE017U, 0x18FEF700U};
  std::vector<CanFrame> frames;
  for (const std::uint32_t id : kIds) {
    frames.push_back({.id = id,
                      .extended = true,
                      .length = 8,
                      .bytes = {0x20, 0x50, 0x21, 0x68, 0x13, 0x10, 0x0F, 0x25}});
  }
  return frames;
}

/// Sixteen messages of four signals each, of both byte orders, with pages in every fourth.
constexpr std::size_t kMessages = 16;

CanDecoding DbcDecoding() {
  std::string text;
  std::vector<std::string> names;
  for (std::size_t message = 0; message < kMessages; ++message) {
    const std::string name = "M" + std::to_string(message);
    text += "BO_ " + std::to_string(256 + message * 7) + " " + name + ": 8 Node\n";
    const bool paged = message % 4 == 0;
    if (paged) text += " SG_ Page M : 60|4@1+ (1,0) [0|0] \"\" Node\n";
    for (int place = 0; place < 4; ++place) {
      const std::string signal = "S" + std::to_string(place);
      text += " SG_ " + signal + (paged ? " m0" : "") + " : ";
      text += place % 2 == 0 ? std::to_string(place * 12) + "|12@1+"
                             : std::to_string(place * 16 + 7 - 8) + "|13@0-";
      text += " (0.125,-40) [0|0] \"\" Node\n";
      names.push_back(name + "." + signal);
    }
  }
  Diagnostics findings;
  const Dbc dbc = ParseDbc(text, "bench.dbc", findings);
  CanDecoding decoding{.j1939 = false, .dbc = {}};
  for (const std::string& name : names) {
    auto field = CompileDbcField(dbc, name);
    auto target = ParseSignalTarget("s" + std::to_string(decoding.dbc.size()), "");
    if (field && target) decoding.dbc.push_back({std::move(*target), std::move(*field)});
  }
  return decoding;
}

std::vector<CanFrame> DbcFrames() {
  std::vector<CanFrame> frames;
  for (std::uint32_t message = 0; message < kMessages; ++message) {
    frames.push_back({.id = 256 + message * 7,
                      .length = 8,
                      .bytes = {0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0x0F}});
  }
  return frames;
}

void Decode(benchmark::State& state, const CanDecoding& decoding,
            const std::vector<CanFrame>& frames) {
  SeriesRegistry series;
  CanReader reader(decoding, series, 1);
  std::vector<Reading> readings;
  std::vector<CanRefusal> refused;
  const CanTime time{};
  std::size_t read = 0;
  for (auto _ : state) {
    readings.clear();
    for (const CanFrame& frame : frames) reader.Read(frame, time, readings, refused);
    read += readings.size();
  }
  if (read == 0 || !refused.empty()) state.SkipWithError("not all is read");
  const auto frame_count =
      static_cast<double>(state.iterations()) * static_cast<double>(frames.size());
  state.SetItemsProcessed(static_cast<std::int64_t>(frame_count));
  state.counters["readings/frame"] = static_cast<double>(read) / frame_count;
}

void CanJ1939(benchmark::State& state) { Decode(state, {}, J1939Frames()); }
BENCHMARK(CanJ1939);

void CanDbc(benchmark::State& state) { Decode(state, DbcDecoding(), DbcFrames()); }
BENCHMARK(CanDbc);

void CandumpLine(benchmark::State& state) {
  constexpr std::string_view kLine = "(1700000000.123456) can0 18FEF100#FF0080FFFFFFFFFF";
  UtcTime time;
  CanFrame frame;
  for (auto _ : state) benchmark::DoNotOptimize(ReadCandump(kLine, time, frame));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CandumpLine);

}  // namespace
}  // namespace fleet_edge::drivers
