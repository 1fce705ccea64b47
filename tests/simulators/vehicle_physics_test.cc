#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "simulators/drive_cycle.h"
#include "simulators/physics/vehicle_kind.h"
#include "simulators/recordings.h"
#include "simulators/series_name.h"
#include "simulators/state_signal.h"
#include "simulators/track.h"
#include "simulators/vehicle.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Kind = VehicleEvent::Kind;

const DriveCycle& City() {
  static const DriveCycle kCycle(UddsCycle());
  return kCycle;
}

const DriveCycle& Aggressive() {
  static const DriveCycle kCycle(Us06Cycle());
  return kCycle;
}

const Track& Way() {
  static const Track kTrack(RegensburgTrack());
  return kTrack;
}

Vehicle::Setup Setup(VehicleKind kind, std::vector<VehicleEvent> events = {}) {
  return {.id = "vehicle-1",
          .seed = 7,
          .zones = ParametersOf(kind).zones,
          .anomalies = {},
          .kind = kind,
          .events = std::move(events)};
}

/// Calls `look` with the state of every tenth of a second.
void Live(Vehicle& vehicle, double from_s, double to_s,
          const std::function<void(const VehicleState&)>& look) {
  for (double second = from_s; second < to_s; second += 0.1) {
    vehicle.Advance(second);
    look(vehicle.state());
  }
}

double Hottest(Vehicle& vehicle, double from_s, double to_s) {
  double hottest = -100;
  Live(vehicle, from_s, to_s, [&hottest](const VehicleState& state) {
    hottest = std::max(hottest, state.engine_coolant_celsius);
  });
  return hottest;
}

double HardestBraking(double aggressiveness) {
  Vehicle::Setup setup = Setup(VehicleKind::kTanker);
  setup.driver.aggressiveness = aggressiveness;
  Vehicle vehicle(setup, Aggressive(), Way());
  double hardest = 0;
  Live(vehicle, 0, 1'200, [&hardest](const VehicleState& state) {
    hardest = std::min(hardest, state.accel_longitudinal_mps2);
  });
  return hardest;
}

/// All that three vehicles show in ten minutes, second by second, as one number.
std::uint64_t HashOfFleet(std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const VehicleKind kind : {VehicleKind::kTanker, VehicleKind::kCab, VehicleKind::kReefer}) {
    Vehicle::Setup setup = Setup(kind);
    setup.seed = seed;
    Vehicle vehicle(setup, City(), Way());
    const std::vector<SeriesName> all = SeriesOf(vehicle.state());
    for (int second = 0; second < 600; ++second) {
      vehicle.Advance(second);
      const VehicleState shown = vehicle.Shown();
      for (const SeriesName& series : all) {
        const double value = ValueOf(shown, series);
        const auto digits = static_cast<std::uint64_t>(std::llround((value + 1'000) * 1e6));
        hash = (hash ^ (std::isnan(value) ? 1 : digits)) * 0x100000001b3;
      }
    }
  }
  return hash;
}

TEST_CASE("Physics: the same seed gives the same fleet, another seed another") {
  CHECK(HashOfFleet(1) == HashOfFleet(1));
  CHECK(HashOfFleet(1) != HashOfFleet(2));
}

TEST_CASE("Physics: how often one looks changes nothing of the vehicle") {
  Vehicle often(Setup(VehicleKind::kTanker), City(), Way());
  Vehicle once(Setup(VehicleKind::kTanker), City(), Way());
  Live(often, 0, 300, [&often](const VehicleState&) { often.Shown(); });
  often.Advance(300);
  once.Advance(300);
  CHECK(often.state().odometer_km == once.state().odometer_km);
  CHECK(often.state().engine_coolant_celsius == once.state().engine_coolant_celsius);
  CHECK(often.state().gnss.latitude_deg == once.state().gnss.latitude_deg);
}

TEST_CASE("Physics: a calm tanker's driver stays within its comfort on the aggressive cycle") {
  CHECK(HardestBraking(1) >= doctest::Approx(-1.3));
  CHECK(HardestBraking(1) < -1.2);
}

TEST_CASE("Physics: an aggressive driver brakes so hard that the load surges") {
  CHECK(HardestBraking(1.8) < -2.2);
}

TEST_CASE("Physics: a healthy engine in the heat never gets hot, whatever it is built into") {
  for (const VehicleKind kind : {VehicleKind::kTanker, VehicleKind::kCab, VehicleKind::kReefer}) {
    CAPTURE(NameOf(kind));
    Vehicle::Setup setup = Setup(kind);
    setup.weather = {.mean_celsius = 32, .swing_celsius = 8};
    setup.hour = 14;
    Vehicle vehicle(setup, Aggressive(), Way());
    CHECK(Hottest(vehicle, 0, 3'600) < 103);
    CHECK(vehicle.state().engine_coolant_celsius > 78);
  }
}

TEST_CASE("Physics: a thermostat that sticks overheats the engine, and a new one saves it") {
  for (const Kind broken : {Kind::kThermostatSticks, Kind::kPumpFails}) {
    CAPTURE(NameOf(broken));
    Vehicle vehicle(Setup(VehicleKind::kTanker, {{.kind = broken, .begin_s = 300, .end_s = 1'500}}),
                    City(), Way());
    CHECK(Hottest(vehicle, 0, 300) < 100);
    CHECK(Hottest(vehicle, 300, 1'500) > 112);
    CHECK(Hottest(vehicle, 1'500, 1'501) <= 125);
    Hottest(vehicle, 1'501, 2'400);
    CHECK(vehicle.state().engine_coolant_celsius < 98);
  }
}

TEST_CASE("Physics: a cold engine warms up, and its battery dips when it is cranked") {
  Vehicle::Setup setup = Setup(VehicleKind::kCab);
  setup.cold = true;
  Vehicle vehicle(setup, City(), Way());
  CHECK(vehicle.state().engine_coolant_celsius < 25);
  double lowest = 20;
  Live(vehicle, 0, 3,
       [&lowest](const VehicleState& state) { lowest = std::min(lowest, state.battery_volts); });
  CHECK(lowest < 10.5);
  CHECK(lowest > 8);
  CHECK(vehicle.state().battery_volts > 14);
  vehicle.Advance(1'200);
  CHECK(vehicle.state().engine_coolant_celsius > 78);
}

TEST_CASE("Physics: a cooler keeps its setpoint, and without it the air warms up for hours") {
  Vehicle::Setup setup = Setup(VehicleKind::kReefer,
                               {{.kind = Kind::kCoolerFails, .begin_s = 3'600, .end_s = 10'800}});
  setup.weather = {.mean_celsius = 28, .swing_celsius = 5};
  Vehicle vehicle(setup, City(), Way());
  double lowest = 100;
  double highest = -100;
  Live(vehicle, 600, 3'600, [&](const VehicleState& state) {
    lowest = std::min(lowest, state.cargo_celsius[0]);
    highest = std::max(highest, state.cargo_celsius[0]);
  });
  CHECK(lowest > 3.5);
  CHECK(highest < 6.5);
  vehicle.Advance(10'800);
  CHECK(vehicle.state().cargo_celsius[0] > 8);
  vehicle.Advance(12'600);
  CHECK(vehicle.state().cargo_celsius[0] < 7);
}

TEST_CASE("Physics: an open door lets the heat in within minutes") {
  Vehicle::Setup setup =
      Setup(VehicleKind::kReefer, {{.kind = Kind::kDoorOpens, .begin_s = 600, .end_s = 900}});
  setup.weather = {.mean_celsius = 28, .swing_celsius = 5};
  Vehicle vehicle(setup, City(), Way());
  vehicle.Advance(600);
  CHECK(vehicle.state().cargo_celsius[0] < 6.5);
  vehicle.Advance(900);
  CHECK(vehicle.state().cargo_celsius[0] > 15);
  CHECK(vehicle.state().cargo_celsius[0] < 30);
}

TEST_CASE("Physics: a fire warms its zone alone, by three degrees in half a minute") {
  Vehicle vehicle(Setup(VehicleKind::kTanker,
                        {{.kind = Kind::kFire, .begin_s = 60, .end_s = 120, .zone = 2, .by = 120}}),
                  City(), Way());
  vehicle.Advance(60);
  const double before = vehicle.state().cargo_celsius[1];
  const double beside = vehicle.state().cargo_celsius[0];
  vehicle.Advance(90);
  CHECK(vehicle.state().cargo_celsius[1] > before + 3);
  CHECK(vehicle.state().cargo_celsius[0] == doctest::Approx(beside).epsilon(0.01));
}

TEST_CASE("Physics: a parked vehicle stands with its ignition off, and starts again") {
  Vehicle vehicle(
      Setup(VehicleKind::kTanker, {{.kind = Kind::kParks, .begin_s = 60, .end_s = 300}}), City(),
      Way());
  vehicle.Advance(200);
  CHECK_FALSE(vehicle.state().ignition_on);
  CHECK(vehicle.state().vehicle_speed_kmh == 0);
  CHECK(vehicle.state().engine_rpm == 0);
  CHECK(vehicle.state().battery_volts < 26);
  vehicle.Advance(310);
  CHECK(vehicle.state().ignition_on);
  CHECK(vehicle.state().engine_rpm >= 600);
}

TEST_CASE("Physics: without its alternator a car's supply falls below 11.5 V within the hour") {
  Vehicle vehicle(Setup(VehicleKind::kCab, {{.kind = Kind::kAlternatorFails}}), City(), Way());
  vehicle.Advance(10);
  CHECK(vehicle.state().battery_volts > 11.6);
  vehicle.Advance(3'600);
  CHECK(vehicle.state().battery_volts < 11.5);
}

TEST_CASE("Physics: a receiver needs half a minute to its first fix, and has none in a tunnel") {
  Vehicle::Setup setup =
      Setup(VehicleKind::kCab, {{.kind = Kind::kTunnel, .begin_s = 100, .end_s = 160}});
  setup.cold = true;
  Vehicle vehicle(setup, City(), Way());
  vehicle.Advance(25);
  CHECK(vehicle.state().gnss.fix == 1);
  vehicle.Advance(35);
  CHECK(vehicle.state().gnss.fix == 3);
  vehicle.Advance(130);
  CHECK(vehicle.state().gnss.fix == 1);
  vehicle.Advance(163);
  CHECK(vehicle.state().gnss.fix == 3);
  CHECK(vehicle.state().gnss.satellites >= 5);
}

TEST_CASE("Physics: bends are taken at a speed that keeps the vehicle upright") {
  Vehicle vehicle(Setup(VehicleKind::kTanker), Aggressive(), Way());
  double hardest = 0;
  Live(vehicle, 0, 2'400, [&hardest](const VehicleState& state) {
    hardest = std::max(hardest, std::abs(state.accel_lateral_mps2));
  });
  CHECK(hardest < 1.7);
  CHECK(hardest > 0.5);
}

TEST_CASE("Physics: a tanker in the city burns what such tankers burn") {
  Vehicle vehicle(Setup(VehicleKind::kTanker), City(), Way());
  const VehicleState before = vehicle.state();
  vehicle.Advance(3 * 3'600);
  const double km = vehicle.state().odometer_km - before.odometer_km;
  const double litres = (before.fuel_percent - vehicle.state().fuel_percent) / 100 * 600;
  CHECK(km > 60);
  CHECK(litres / km * 100 > 30);
  CHECK(litres / km * 100 < 80);
}

TEST_CASE("Physics: tyres gain pressure as they warm up") {
  Vehicle vehicle(Setup(VehicleKind::kCab), City(), Way());
  const double cold = vehicle.state().tire_kpa[0];
  vehicle.Advance(3'600);
  CHECK(vehicle.state().tire_kpa[0] > cold + 3);
  CHECK(vehicle.state().tire_kpa[0] < cold + 40);
}

}  // namespace
}  // namespace fleet_edge::simulators
