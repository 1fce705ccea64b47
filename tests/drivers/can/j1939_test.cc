#include "drivers/can/j1939.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace fleet_edge::drivers {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// What a group says, by signal.
std::map<std::string, double> Values(std::uint32_t pgn, const Bytes& data) {
  J1939Report report;
  CHECK(ReadJ1939(pgn, data, report));
  std::map<std::string, double> values;
  for (const auto& value : report.values) {
    values[std::string(J1939Parameters()[value.parameter].signal)] = value.value;
  }
  return values;
}

std::size_t Failed(std::uint32_t pgn, const Bytes& data) {
  J1939Report report;
  ReadJ1939(pgn, data, report);
  return report.failed.size();
}

}  // namespace

TEST_CASE("J1939: an identifier's parts") {
  const J1939Id speed = J1939Id::Of(0x18FEF121);
  CHECK(speed.pgn == 65265);
  CHECK(speed.source == 0x21);
  CHECK(speed.destination == 255);
  const J1939Id request = J1939Id::Of(0x18EA0BF9);  // PDU1: to the brakes
  CHECK(request.pgn == 0xEA00);
  CHECK(request.destination == 0x0B);
  CHECK(request.source == 0xF9);
  CHECK(J1939Id::Of(0x1DFEF100).pgn == 0x1FEF1);  // data page 1
}

// The bytes are worked out by hand from SAE J1939-71's scales.
TEST_CASE("J1939: each parameter is read at its place, in its unit") {
  CHECK(Values(65265, {0xFF, 0x00, 0x50, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) ==
        std::map<std::string, double>{{"vehicle_speed_kmh", 80}});
  CHECK(Values(61444, {0xFF, 0xFF, 0xFF, 0x68, 0x13, 0xFF, 0xFF, 0xFF}) ==
        std::map<std::string, double>{{"engine_rpm", 621}});
  CHECK(Values(65262, {0x7E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) ==
        std::map<std::string, double>{{"engine_coolant_celsius", 86}});
  CHECK(Values(65269, {0xFF, 0xFF, 0xFF, 0x00, 0x20, 0xFF, 0xA0, 0x25}) ==
        std::map<std::string, double>{{"ambient_celsius", -17}, {"road_surface_celsius", 28}});
  CHECK(Values(65276, {0xFF, 125, 0xFF, 0xFF, 0x80, 0x1F, 0xFF, 0xFF}) ==
        std::map<std::string, double>{{"fuel_percent", 50}, {"cargo_celsius", -21}});
  CHECK(Values(65248, {0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x00, 0x00, 0x80}).at("odometer_km") ==
        0x80000001U * 0.125);
  CHECK(Values(65271, {0xFF, 0xFF, 0xFF, 0xFF, 0x1C, 0x02, 0xFF, 0xFF}).at("battery_volts") ==
        doctest::Approx(27.0));
}

TEST_CASE("J1939: the lowest and the highest value, and beyond it reserved, error, nothing") {
  for (const auto& [top, is_value, is_error] : {std::tuple{0x00, true, false},
                                                {0xFA, true, false},
                                                {0xFB, false, true},
                                                {0xFD, false, true},
                                                {0xFE, false, true},
                                                {0xFF, false, false}}) {
    CAPTURE(top);
    const auto byte = static_cast<std::uint8_t>(top);
    CHECK(Values(65262, {byte}).size() == (is_value ? 1 : 0));
    CHECK(Failed(65262, {byte}) == (is_error ? 1 : 0));
    const Bytes wide{0xFF, 0xFF, byte, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    CHECK(Values(65265, wide).size() == (is_value ? 1 : 0));
    CHECK(Failed(65265, wide) == (is_error ? 1 : 0));
  }
}

// The data range that SAE J1939-71 prints beside each parameter: what its lowest and highest bytes
// say, 0x00… and 0xFA, 0xFAFF or 0xFAFFFFFF.
TEST_CASE("J1939: the standard's data ranges are those of the formulas") {
  struct Range {
    std::uint32_t spn;
    double min;
    double max;
  };
  constexpr std::array kPublished{
      Range{190, 0, 8031.875},      Range{245, 0, 526'385'151.875},
      Range{110, -40, 210},         Range{84, 0, 250.99609375},
      Range{171, -273, 1734.96875}, Range{79, -273, 1734.96875},
      Range{168, 0, 3212.75},       Range{96, 0, 100},
      Range{169, -273, 1734.96875},
  };
  const auto all = J1939Parameters();
  REQUIRE(all.size() == kPublished.size());
  for (std::size_t place = 0; place < all.size(); ++place) {
    const J1939Parameter& parameter = all[place];
    CAPTURE(parameter.spn);
    CHECK(parameter.spn == kPublished.at(place).spn);
    const auto at = [&](std::uint8_t top, std::uint8_t rest) {
      Bytes data(8, rest);
      data[parameter.first_byte + parameter.bytes - 2U] = top;
      J1939Report report;
      ReadJ1939(parameter.pgn, data, report);
      const auto value = std::ranges::find(report.values, place, &J1939Report::Value::parameter);
      REQUIRE(value != report.values.end());
      return value->value;
    };
    CHECK(at(0, 0) == kPublished.at(place).min);
    CHECK(at(0xFA, 0xFF) == doctest::Approx(kPublished.at(place).max).epsilon(1e-9));
  }
}

TEST_CASE("J1939: a group that is cut short gives what is there; another group is not read") {
  CHECK(Values(65269, {0xFF, 0xFF, 0xFF, 0x00, 0x20}).size() == 1);
  CHECK(Values(65265, {0xFF, 0x00}).empty());
  CHECK(Values(65265, {}).empty());
  J1939Report report;
  CHECK_FALSE(ReadJ1939(65226, Bytes(8, 0), report));
  CHECK(report.values.empty());
}

}  // namespace fleet_edge::drivers
