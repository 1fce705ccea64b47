#include "simulators/fleet_vehicle.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>

#include "core/signal.h"
#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr UtcTime kStart{seconds{1'700'000'000}};
constexpr std::size_t kCoolant = 1;

FleetPlan Plan(std::uint32_t vehicles = 20, std::uint64_t seed = 1) {
  return {.vehicles = vehicles, .seed = seed, .start = kStart, .seconds = 600};
}

TEST_CASE("Fleet vehicle: every value is in the catalogue's range and of its resolution") {
  const FleetPlan plan = Plan();
  for (std::uint32_t number = 0; number < plan.vehicles; ++number) {
    const FleetVehicle vehicle(plan, number);
    for (std::uint32_t instant = 0; instant < plan.seconds; instant += 7) {
      const FleetValues values = vehicle.ValuesAt(instant);
      for (std::size_t i = 0; i < kFleetSeries; ++i) {
        const Signal* const signal = FindSignal(FleetSeries()[i].name);
        REQUIRE(signal != nullptr);
        CAPTURE(signal->name);
        REQUIRE(values.at(i) >= signal->min);
        REQUIRE(values.at(i) <= signal->max);
        const double power = std::pow(10, signal->decimals);
        REQUIRE(std::round(values.at(i) * power) / power == values.at(i));
      }
    }
  }
}

TEST_CASE("Fleet vehicle: no two of its series are the same") {
  const auto all = FleetSeries();
  CHECK(std::set<SeriesName>(all.begin(), all.end()).size() == kFleetSeries);
}

TEST_CASE("Fleet vehicle: an instant is known by its time, and no other time is one") {
  const FleetVehicle vehicle(Plan(), 3);
  for (std::uint32_t instant = 0; instant < 600; ++instant) {
    const UtcTime time = vehicle.TimeOf(instant);
    REQUIRE(vehicle.InstantAt(time) == instant);
    REQUIRE_FALSE(vehicle.InstantAt(time + milliseconds{1}));
    REQUIRE(time - vehicle.begin() - seconds{instant} < FleetVehicle::kMostJitter);
  }
  CHECK_FALSE(vehicle.InstantAt(vehicle.begin() - seconds{1}));
  CHECK_FALSE(vehicle.InstantAt(vehicle.TimeOf(600)));
}

TEST_CASE("Fleet vehicle: the same seed gives the same fleet, on any machine and for good") {
  const FleetVehicle vehicle(Plan(), 0);
  CHECK(vehicle.ValuesAt(100) == FleetVehicle(Plan(), 0).ValuesAt(100));
  CHECK(vehicle.ValuesAt(100) != FleetVehicle(Plan(20, 2), 0).ValuesAt(100));
  CHECK(vehicle.ValuesAt(100) != FleetVehicle(Plan(), 1).ValuesAt(100));
}

TEST_CASE("Fleet vehicle: beginnings are spread evenly") {
  const FleetPlan plan = Plan(10);
  for (std::uint32_t number = 0; number < plan.vehicles; ++number) {
    CHECK(FleetVehicle(plan, number).begin() == kStart + seconds{number});
  }
}

TEST_CASE("Fleet vehicle: engines overheat now and then, not always") {
  const FleetPlan plan = Plan();
  std::uint32_t hot = 0;
  for (std::uint32_t number = 0; number < plan.vehicles; ++number) {
    const FleetVehicle vehicle(plan, number);
    for (std::uint32_t instant = 0; instant < plan.seconds; ++instant) {
      if (vehicle.ValuesAt(instant).at(kCoolant) > 120) ++hot;
    }
  }
  CHECK(hot > 0);
  CHECK(hot < plan.vehicles * plan.seconds / 10);
}

TEST_CASE("Fleet vehicle: what it drove is what its speed sums up to") {
  constexpr std::size_t kSpeed = 0;
  constexpr std::size_t kOdometer = 13;
  const FleetVehicle vehicle(Plan(), 5);
  double km = 0;
  // Up to its first trouble: speeding is not on the odometer.
  for (std::uint32_t instant = 0; instant < 20; ++instant) {
    km += (vehicle.ValuesAt(instant).at(kSpeed) + vehicle.ValuesAt(instant + 1).at(kSpeed)) / 7200;
  }
  const double shown = vehicle.ValuesAt(20).at(kOdometer) - vehicle.ValuesAt(0).at(kOdometer);
  CHECK(shown == doctest::Approx(km).epsilon(0.02));
}

}  // namespace
}  // namespace fleet_edge::simulators
