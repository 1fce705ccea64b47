#include "simulators/vehicle_sensors.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "simulators/random.h"
#include "simulators/series_name.h"
#include "simulators/state_signal.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Kind = VehicleEvent::Kind;

VehicleState Truth(double coolant = 90) {
  VehicleState state;
  state.vehicle_speed_kmh = 50;
  state.engine_coolant_celsius = coolant;
  state.cargo_celsius = {5, 6};
  state.tire_kpa = {800, 800, 800, 800};
  state.gnss = {.fix = 3, .latitude_deg = 49, .longitude_deg = 12, .satellites = 9};
  return state;
}

/// Sensors with one fault of the coolant's from 10 s to 70 s.
VehicleSensors Coolant(Kind kind, double by = 0) {
  const std::vector<VehicleEvent> events{{.kind = kind,
                                          .begin_s = 10,
                                          .end_s = 70,
                                          .zone = 0,
                                          .signal = "engine_coolant_celsius",
                                          .by = by}};
  return {events, Truth()};
}

/// What is shown at `seconds`; noise is far below 1.5 °C.
double Shown(VehicleSensors& sensors, double seconds, double truth = 90) {
  Random random(1, "noise");
  return sensors.Show(Truth(truth), seconds, random).engine_coolant_celsius;
}

TEST_CASE("Sensors: healthy ones show the truth with some noise") {
  VehicleSensors sensors({}, Truth());
  Random random(1, "noise");
  const VehicleState shown = sensors.Show(Truth(), 0, random);
  CHECK(shown.engine_coolant_celsius == doctest::Approx(90).epsilon(0.02));
  CHECK(shown.engine_coolant_celsius != 90);
  CHECK(shown.cargo_celsius[1] == doctest::Approx(6).epsilon(0.1));
}

TEST_CASE("Sensors: a frozen one keeps what it showed when it froze") {
  VehicleSensors sensors = Coolant(Kind::kFreezes);
  CHECK(Shown(sensors, 9, 80) == doctest::Approx(80).epsilon(0.02));
  const double frozen = Shown(sensors, 10, 85);
  CHECK(frozen == doctest::Approx(85).epsilon(0.02));
  CHECK(Shown(sensors, 60, 110) == frozen);
  CHECK(Shown(sensors, 70, 110) == doctest::Approx(110).epsilon(0.02));
}

TEST_CASE("Sensors: a drift grows by the minute") {
  VehicleSensors sensors = Coolant(Kind::kDrifts, 12);
  CHECK(Shown(sensors, 10) == doctest::Approx(90).epsilon(0.02));
  CHECK(Shown(sensors, 40) == doctest::Approx(96).epsilon(0.02));
  CHECK(Shown(sensors, 69) == doctest::Approx(101.8).epsilon(0.02));
}

TEST_CASE("Sensors: a spike lasts a second of every twenty") {
  VehicleSensors sensors = Coolant(Kind::kSpikes, 60);
  CHECK(Shown(sensors, 10.5) == doctest::Approx(150).epsilon(0.02));
  CHECK(Shown(sensors, 11.5) == doctest::Approx(90).epsilon(0.02));
  CHECK(Shown(sensors, 30.5) == doctest::Approx(150).epsilon(0.02));
}

TEST_CASE("Sensors: one that lies is off by as much all the while") {
  VehicleSensors sensors = Coolant(Kind::kLies, -30);
  CHECK(Shown(sensors, 9) == doctest::Approx(90).epsilon(0.02));
  CHECK(Shown(sensors, 11) == doctest::Approx(60).epsilon(0.02));
}

TEST_CASE("Sensors: one that approaches a value comes from the truth and goes back to it") {
  VehicleSensors sensors = Coolant(Kind::kApproaches, 122);
  CHECK(Shown(sensors, 10) == doctest::Approx(90).epsilon(0.02));
  CHECK(Shown(sensors, 12) == doctest::Approx(110.2).epsilon(0.02));
  CHECK(Shown(sensors, 69) == doctest::Approx(122).epsilon(0.02));
  CHECK(Shown(sensors, 72) == doctest::Approx(101.8).epsilon(0.02));
}

TEST_CASE("Sensors: a silent one says nothing, and only it") {
  VehicleSensors sensors = Coolant(Kind::kSilent);
  Random random(1, "noise");
  const VehicleState shown = sensors.Show(Truth(), 20, random);
  CHECK(std::isnan(shown.engine_coolant_celsius));
  CHECK(std::isnan(ValueOf(shown, {"engine_coolant_celsius", {}})));
  CHECK_FALSE(std::isnan(shown.vehicle_speed_kmh));
}

TEST_CASE("Sensors: one zone's trouble leaves the others alone, and none named means all") {
  const VehicleEvent event{.kind = Kind::kLies, .zone = 2, .signal = "cargo_celsius", .by = 40};
  VehicleEvent all = event;
  all.zone = 0;
  Random random(1, "noise");
  VehicleSensors one(std::vector{event}, Truth());
  CHECK(one.Show(Truth(), 1, random).cargo_celsius[0] < 10);
  CHECK(one.Show(Truth(), 1, random).cargo_celsius[1] > 40);
  VehicleSensors both(std::vector{all}, Truth());
  CHECK(both.Show(Truth(), 1, random).cargo_celsius[0] > 40);
}

TEST_CASE("Sensors: a silent receiver has nothing to say, not even that it has no fix") {
  const VehicleEvent event{.kind = Kind::kSilent, .signal = "gnss"};
  VehicleSensors sensors(std::vector{event}, Truth());
  Random random(1, "noise");
  const VehicleState shown = sensors.Show(Truth(), 1, random);
  CHECK(std::isnan(ValueOf(shown, {"gnss_fix", {}})));
  CHECK(std::isnan(ValueOf(shown, {"latitude_deg", {}})));
}

TEST_CASE("Signals of a state: all that the catalogue knows, each with its labels") {
  const std::vector<SeriesName> all = SeriesOf(Truth());
  CHECK(all.size() == 21 + 1 + 3);
  const VehicleState state = Truth();
  CHECK(ValueOf(state, {"cargo_celsius", {{"zone", "2"}}}) == 6);
  CHECK(ValueOf(state, {"gnss_satellites", {}}) == 9);
  CHECK(ValueOf(state, {"accel_vertical_mps2", {}}) == doctest::Approx(9.80665));
}

TEST_CASE("Signals of a state: without a fix a position is nothing, and the fix says so") {
  VehicleState state = Truth();
  state.gnss = {};
  CHECK(std::isnan(ValueOf(state, {"latitude_deg", {}})));
  CHECK(ValueOf(state, {"gnss_fix", {}}) == 1);
}

}  // namespace
}  // namespace fleet_edge::simulators
