#include "simulators/vehicle.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/alert_rule.h"
#include "simulators/anomaly.h"
#include "simulators/drive_cycle.h"
#include "simulators/ledger.h"
#include "simulators/random.h"
#include "simulators/recordings.h"
#include "simulators/sensor.h"
#include "simulators/track.h"
#include "simulators/truth.h"

namespace fleet_edge::simulators {
namespace {

constexpr int kSeconds = 45;

struct Road {
  DriveCycle cycle{Us06Cycle()};
  Track track{RegensburgTrack()};
};

Vehicle Tanker(const Road& road, std::uint64_t seed, std::vector<Anomaly> anomalies = {}) {
  return {{.id = "tanker-1", .seed = seed, .zones = 2, .anomalies = std::move(anomalies)},
          road.cycle,
          road.track};
}

/// All that its sensors show, second by second, in the catalogue's units.
std::vector<double> Shown(Vehicle& vehicle) {
  std::vector<double> all;
  const std::vector<Sensor> sensors = TankerSensors(2);
  for (int second = 0; second < kSeconds; ++second) {
    vehicle.Advance(second);
    for (const Sensor& sensor : sensors) {
      const std::vector<double> values = vehicle.Measure(sensor);
      for (std::size_t i = 0; i < values.size(); ++i) {
        all.push_back(ReadingOf(sensor.fields[i], values[i]));
      }
    }
  }
  return all;
}

/// What must follow of one rule for the readings of one sensor's first fitting field.
std::vector<ExpectedChange> Expected(Vehicle& vehicle, const Sensor& sensor,
                                     const AlertRule& rule) {
  std::size_t field = 0;
  while (sensor.fields[field].series.name != rule.signal) ++field;
  AlertTruth truth(vehicle.id(), rule, sensor.fields[field].series.labels);
  for (int second = 0; second < kSeconds; ++second) {
    vehicle.Advance(second);
    const double value = vehicle.Measure(sensor)[field];
    truth.Add(UtcTime{std::chrono::seconds{1'700'000'000 + second}},
              ReadingOf(sensor.fields[field], value));
  }
  truth.Finish();
  return truth.Take();
}

TEST_CASE("Vehicle: the same seed gives the same trip, another a different one") {
  const Road road;
  Vehicle first = Tanker(road, 1);
  Vehicle again = Tanker(road, 1);
  Vehicle other = Tanker(road, 2);
  const std::vector<double> shown = Shown(first);
  CHECK(shown == Shown(again));
  CHECK(shown != Shown(other));
}

TEST_CASE("Vehicle: when nothing goes wrong no alert is near, even on the aggressive cycle") {
  const Road road;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    Vehicle engine = Tanker(road, seed);
    CHECK(Expected(engine, TankerSensors(2)[0], kTankerAlerts[0]).empty());
    Vehicle cargo = Tanker(road, seed);
    CHECK(Expected(cargo, TankerSensors(2)[1], kTankerAlerts[1]).empty());
    Vehicle speed = Tanker(road, seed);
    CHECK(Expected(speed, TankerSensors(2)[0], kTankerAlerts[2]).empty());
  }
}

TEST_CASE("Vehicle: what goes wrong makes its alert fire and resolve, beyond doubt") {
  const Road road;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    Random random(seed, "anomalies");
    const auto anomalies = PlanAnomalies(std::chrono::seconds{kSeconds}, 2, random);
    const auto zone = static_cast<std::size_t>(anomalies.at(1).zone);
    const std::vector<Sensor> sensors = TankerSensors(2);
    for (const auto& [sensor, rule] :
         {std::pair{sensors[0], kTankerAlerts[0]}, std::pair{sensors[zone], kTankerAlerts[1]},
          std::pair{sensors[0], kTankerAlerts[2]}}) {
      CAPTURE(rule.alert);
      Vehicle vehicle = Tanker(road, seed, anomalies);
      const std::vector<ExpectedChange> changes = Expected(vehicle, sensor, rule);
      REQUIRE(changes.size() == 2);
      CHECK(changes[0].change == AlertChange::kFiring);
      CHECK(changes[0].required);
      CHECK(changes[1].change == AlertChange::kResolved);
      CHECK(changes[1].required);
    }
  }
}

TEST_CASE("Vehicle: it moves as fast as its wheels say") {
  const Road road;
  Vehicle vehicle = Tanker(road, 3);
  const Sensor gnss = TankerSensors(1)[2];
  vehicle.Advance(100);
  const std::vector<double> before = vehicle.Measure(gnss);
  vehicle.Advance(101);
  const std::vector<double> after = vehicle.Measure(gnss);
  const double north_m = (after[0] - before[0]) * 111'195;
  const double east_m = (after[1] - before[1]) * 111'195 * std::cos(0.8557);
  // Both places have some metres of noise.
  CHECK(std::hypot(north_m, east_m) == doctest::Approx(after[2]).epsilon(0.2).scale(10));
}

}  // namespace
}  // namespace fleet_edge::simulators
