#include "simulators/interfaces/j1939_group.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Bytes = std::array<std::uint8_t, 8>;

const J1939Group& Group(const std::string& signal) {
  for (const J1939Group& group : TruckGroups()) {
    for (const J1939Group::Parameter& parameter : group.parameters) {
      if (parameter.series.name == signal) return group;
    }
  }
  FAIL("no group of ", signal);
  return TruckGroups().front();
}

VehicleState Having(double VehicleState::* member, double value) {
  VehicleState state;
  state.*member = value;
  return state;
}

}  // namespace

TEST_CASE("J1939 group: engine speed is EEC1, bytes 4 and 5, an eighth of a turn a bit") {
  const SaidGroup said = Encode(Group("engine_rpm"), Having(&VehicleState::engine_rpm, 621.01));
  CHECK(said.frame.id == 0x0CF00400);
  CHECK(said.frame.bytes == Bytes{0xFF, 0xFF, 0xFF, 0x68, 0x13, 0xFF, 0xFF, 0xFF});
  CHECK(said.values == std::vector<double>{621});
}

TEST_CASE("J1939 group: what is said is the value as the parameter's resolution makes it") {
  const SaidGroup coolant =
      Encode(Group("engine_coolant_celsius"), Having(&VehicleState::engine_coolant_celsius, 85.4));
  CHECK(coolant.frame.id == 0x18FEEE00);
  CHECK(coolant.frame.bytes[0] == 125);
  CHECK(coolant.values == std::vector<double>{85});

  const SaidGroup ambient =
      Encode(Group("ambient_celsius"), Having(&VehicleState::ambient_celsius, -10.51));
  CHECK(ambient.frame.id == 0x18FEF531);
  CHECK(ambient.values == std::vector<double>{-10.5});

  VehicleState refrigerated = Having(&VehicleState::fuel_percent, 50);
  refrigerated.cargo_celsius = {4.1};
  const SaidGroup fuel = Encode(Group("fuel_percent"), refrigerated);
  CHECK(fuel.frame.bytes[1] == 125);
  CHECK(fuel.values == std::vector<double>{50, 4.09375});
}

TEST_CASE("J1939 group: what lies beyond a parameter's range stays below its error values") {
  const SaidGroup hot =
      Encode(Group("engine_coolant_celsius"), Having(&VehicleState::engine_coolant_celsius, 400));
  CHECK(hot.frame.bytes[0] == 0xFA);
  CHECK(hot.values == std::vector<double>{210});
  const SaidGroup cold =
      Encode(Group("engine_coolant_celsius"), Having(&VehicleState::engine_coolant_celsius, -90));
  CHECK(cold.values == std::vector<double>{-40});
}

TEST_CASE("J1939 group: what a silent sensor would say is not available") {
  VehicleState state = Having(&VehicleState::fuel_percent, std::nan(""));
  state.cargo_celsius = {4.1};
  const SaidGroup said = Encode(Group("fuel_percent"), state);
  CHECK(said.frame.bytes == Bytes{0xFF, 0xFF, 0xFF, 0xFF, 0xA3, 0x22, 0xFF, 0xFF});
  CHECK(std::isnan(said.values[0]));
  CHECK(said.values[1] == 4.09375);
}

TEST_CASE("J1939 group: a second sender of the wheels' speed knows nothing of it") {
  const auto silent = std::ranges::find_if(
      TruckGroups(), [](const J1939Group& group) { return group.parameters.empty(); });
  REQUIRE(silent != TruckGroups().end());
  const SaidGroup said = Encode(*silent, Having(&VehicleState::vehicle_speed_kmh, 80));
  CHECK(said.frame.id == 0x18FEF117);
  CHECK(std::ranges::all_of(said.frame.bytes, [](std::uint8_t byte) { return byte == 0xFF; }));
  CHECK(said.values.empty());
}

TEST_CASE("J1939 group: longer messages are announced to all, and packed by sevens") {
  std::vector<std::uint8_t> bytes(18);
  for (std::uint8_t i = 0; i < 18; ++i) bytes[i] = i;
  const std::vector<BusFrame> frames = EncodeBam(65'260, 0, bytes);
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].id == 0x1CECFF00);
  CHECK(frames[0].bytes == Bytes{0x20, 18, 0, 3, 0xFF, 0xEC, 0xFE, 0});
  CHECK(frames[1].id == 0x1CEBFF00);
  CHECK(frames[1].bytes == Bytes{1, 0, 1, 2, 3, 4, 5, 6});
  CHECK(frames[3].bytes == Bytes{3, 14, 15, 16, 17, 0xFF, 0xFF, 0xFF});
}

}  // namespace fleet_edge::simulators
