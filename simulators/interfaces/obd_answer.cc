#include "simulators/interfaces/obd_answer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr unsigned kByte = 8;
constexpr std::uint8_t kService = 0x01;
constexpr std::uint8_t kAnswer = 0x41;
constexpr std::size_t kMostPids = 6;
constexpr std::uint8_t kBitmapEvery = 0x20;

constexpr double kPercent = 100.0 / 255;
constexpr double kTemperature = -40;

/// A PID of SAE J1979, appendix B: value = raw × scale + offset.
struct Pid {
  std::uint8_t pid;
  unsigned bytes;
  double scale;
  double offset;
  double (*measure)(const VehicleState&);
};

using State = VehicleState;
constexpr std::array kPids{
    Pid{0x04, 1, kPercent, 0, [](const State& s) { return s.engine_load_percent; }},
    Pid{0x05, 1, 1, kTemperature, [](const State& s) { return s.engine_coolant_celsius; }},
    Pid{0x0C, 2, 0.25, 0, [](const State& s) { return s.engine_rpm; }},
    Pid{0x0D, 1, 1, 0, [](const State& s) { return s.vehicle_speed_kmh; }},
    // The air warms up on its way into the engine.
    Pid{0x0F, 1, 1, kTemperature, [](const State& s) { return s.ambient_celsius + 12; }},
    // A pedal that follows the load.
    Pid{0x11, 1, kPercent, 0, [](const State& s) { return 15 + 0.7 * s.engine_load_percent; }},
    Pid{0x2F, 1, kPercent, 0, [](const State& s) { return s.fuel_percent; }},
    Pid{0x42, 2, 0.001, 0, [](const State& s) { return s.battery_volts; }},
    Pid{0x46, 1, 1, kTemperature, [](const State& s) { return s.ambient_celsius; }},
};

void Append(std::vector<std::uint8_t>& message, std::uint32_t raw, unsigned bytes) {
  while (bytes-- > 0) message.push_back(static_cast<std::uint8_t>(raw >> (kByte * bytes) & 0xFFU));
}

/// Four bytes: a bit for each of the 32 PIDs behind `from`, the first is the highest. The last one
/// says that there are more bitmaps.
std::uint32_t Supported(std::uint8_t from) {
  std::uint32_t bits = 0;
  for (const Pid& pid : kPids) {
    if (pid.pid > from + kBitmapEvery) bits |= 1;
    if (pid.pid > from && pid.pid <= from + kBitmapEvery) {
      bits |= std::uint32_t{1} << unsigned(kBitmapEvery - (pid.pid - from));
    }
  }
  return bits;
}

void Say(std::uint8_t asked, const VehicleState& state, ObdSaid& said) {
  if (asked % kBitmapEvery == 0) {
    if (Supported(asked) == 0) return;
    said.message.push_back(asked);
    return Append(said.message, Supported(asked), 4);
  }
  const auto* const pid = std::ranges::find(kPids, asked, &Pid::pid);
  if (pid == kPids.end()) return;
  const double most = std::pow(2.0, kByte * pid->bytes) - 1;
  const double raw =
      std::clamp(std::round((pid->measure(state) - pid->offset) / pid->scale), 0.0, most);
  said.message.push_back(asked);
  Append(said.message, static_cast<std::uint32_t>(raw), pid->bytes);
  said.values.push_back({asked, raw * pid->scale + pid->offset});
}

}  // namespace

ObdSaid AnswerObd(std::span<const std::uint8_t> request, const VehicleState& state) {
  ObdSaid said;
  if (request.size() < 2 || request.size() > kMostPids + 1 || request[0] != kService) return said;
  said.message.push_back(kAnswer);
  for (const std::uint8_t pid : request.subspan(1)) Say(pid, state, said);
  if (said.message.size() == 1) said.message.clear();
  return said;
}

std::vector<BusFrame> EncodeIsoTp(std::span<const std::uint8_t> message) {
  constexpr std::uint32_t kEngine = 0x7E8;
  constexpr std::size_t kSingle = 7;
  constexpr std::size_t kFirst = 6;
  constexpr std::uint8_t kFilling = 0x55;
  constexpr unsigned kFirstFrame = 0x10;
  constexpr unsigned kConsecutiveFrame = 0x20;
  std::vector<BusFrame> frames;
  const auto add = [&](std::initializer_list<unsigned> head, std::size_t from, std::size_t count) {
    BusFrame& frame = frames.emplace_back(BusFrame{.id = kEngine, .extended = false});
    frame.bytes.fill(kFilling);
    auto out = frame.bytes.begin();
    for (const unsigned byte : head) *out++ = static_cast<std::uint8_t>(byte);
    std::ranges::copy(message.subspan(from, std::min(count, message.size() - from)), out);
  };
  const auto size = static_cast<unsigned>(message.size());
  if (size <= kSingle) {
    add({size}, 0, kSingle);
    return frames;
  }
  add({kFirstFrame | (size >> kByte), size & 0xFFU}, 0, kFirst);
  unsigned sequence = 1;
  for (std::size_t from = kFirst; from < message.size(); from += kSingle) {
    add({kConsecutiveFrame | (sequence++ & 0xFU)}, from, kSingle);
  }
  return frames;
}

}  // namespace fleet_edge::simulators
