// docs/wire.md shows a batch and what it decodes to: both are what the encoder writes and a
// consumer reads. That the page's Python reads it: wire_page_test.py.
#include <doctest/doctest.h>
#include <google/protobuf/text_format.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/telemetry.pb.h"
#include "tests/support/batch_decoder.h"
#include "uplink/batch_decoder.h"
#include "uplink/batch_encoder.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;

/// The tests run in the repository's root.
std::string Page() {
  std::ifstream page("docs/wire.md");
  return {std::istreambuf_iterator<char>(page), {}};
}

/// What stands in the page's block of this language.
std::string Block(const std::string& language) {
  const std::string text = Page();
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = text.find(fence);
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + fence.size();
  return text.substr(from, text.find("```", from) - from);
}

std::vector<Reading> Readings(SeriesRegistry& registry) {
  constexpr UtcTime kStart{milliseconds{1'700'000'000'250}};
  const auto at = [&](const Series* series, int ms, double value) {
    return Reading{.series = series, .time = kStart + milliseconds{ms}, .value = value};
  };
  const Series* const coolant = registry.Find("engine_coolant_celsius", {});
  const Series* const cargo = registry.Find("cargo_celsius", {{"zone", "2"}});
  const Series* const pressure = registry.Find("hose_bar", {});
  const Series* const trend = registry.Find("coolant:trend", {});
  return {at(coolant, 0, 88.5),      at(cargo, 0, 21.5),
          at(pressure, 0, 6.125),    at(coolant, 1'000, 88.6),
          at(cargo, 1'000, 21.5),    at(pressure, 1'250, 6),
          at(coolant, 2'000, 88.6),  at(cargo, 2'000, 21.3),
          at(trend, 2'000, 1.0 / 3), at(coolant, 3'000, 88.7),
          at(cargo, 3'000, 21.1),    at(trend, 3'000, -std::numeric_limits<double>::infinity()),
          at(coolant, 4'000, 88.7),  at(cargo, 4'000, 20.9),
          at(pressure, 4'000, 6)};
}

TEST_CASE("docs/wire.md: its example is what the encoder writes and a consumer reads") {
  SeriesRegistry registry;
  BatchEncoder encoder(BatchEncoder::Encoding::kDelta);
  const std::string body =
      encoder.Encode({.vehicle = "tanker-1", .epoch = (1'699'999'000'000U << 20U) + 7, .boot = 9},
                     42, true, Readings(registry));
  fleet::v1::TelemetryBatch batch;
  REQUIRE(batch.ParseFromString(body));
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseShortRepeatedPrimitives(true);
  std::string text;
  printer.PrintToString(batch, &text);
  CHECK(Block("textproto") == text);

  std::ostringstream rows;
  rows << "signal,labels,time,value\n";
  for (const DecodedReading& reading : Decode(batch)) {
    rows << reading.signal << ",";
    for (const auto& [name, value] : reading.labels) rows << name << "=" << value;
    rows << "," << ToString(reading.time) << "," << reading.value << "\n";
  }
  CHECK(Block("csv") == rows.str());
  CHECK(Page().find("of " + std::to_string(body.size()) + " bytes") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::uplink
