#include "simulators/fleet_match.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/alert_match.h"
#include "simulators/delivery.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/ledger.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kSeconds = 300;
const FleetPlan kPlan{.vehicles = 2,
                      .start = UtcTime{seconds{1'700'000'000}},
                      .seconds = kSeconds,
                      .spread = seconds{1}};
const UtcTime kEnd = kPlan.start + seconds{kSeconds + 2};

/// What a vehicle's agent would send of the instants from `from` on.
Delivery Batch(std::uint32_t number, std::uint32_t from, std::uint32_t count) {
  const FleetVehicle vehicle(kPlan, number);
  Delivery delivery{.vehicle = FleetVehicleName(kPlan, number), .series = {}, .readings = {}};
  for (std::size_t i = 0; i < kFleetSeries; ++i) {
    delivery.series.push_back(FleetSeries()[i]);
    for (std::uint32_t instant = from; instant < from + count; ++instant) {
      delivery.readings.push_back({.series = i,
                                   .time = vehicle.TimeOf(instant),
                                   .value = vehicle.ValuesAt(instant).at(i),
                                   .good = true});
    }
  }
  return delivery;
}

/// A match to which all was delivered, but for the first ten instants of the first vehicle.
FleetMatch AlmostAll() {
  FleetMatch match(kPlan);
  match.Deliver(Batch(0, 10, kSeconds - 10));
  match.Deliver(Batch(1, 0, kSeconds));
  return match;
}

Report Compared(const FleetMatch& match, std::optional<UtcTime> end = kEnd) {
  Report report;
  match.Compare({}, end, report);
  return report;
}

TEST_CASE("Fleet match: all readings of all vehicles") {
  FleetMatch match = AlmostAll();
  match.Deliver(Batch(0, 0, 10));
  const Report report = Compared(match);
  CHECK(report.readings.expected == 2 * kSeconds * kFleetSeries);
  CHECK(report.readings.arrived == report.readings.expected);
  CHECK(report.readings.lost + report.readings.altered + report.readings.duplicated +
            report.readings.invented + report.readings.other ==
        0);
  CHECK(report.findings.empty());
}

TEST_CASE("Fleet match: a batch that does not come is lost, and named") {
  const Report report = Compared(AlmostAll());
  CHECK(report.readings.lost == 10 * kFleetSeries);
  REQUIRE(report.findings.size() == 10);
  CHECK(report.findings[0].starts_with("lost: truck-1 of 2023-11-14T22:13:20"));
}

TEST_CASE("Fleet match: one reading of a batch is lost") {
  FleetMatch match = AlmostAll();
  Delivery batch = Batch(0, 0, 10);
  batch.readings.pop_back();
  match.Deliver(batch);
  CHECK(Compared(match).readings.lost == 1);
}

TEST_CASE("Fleet match: the same readings under another key are duplicated") {
  FleetMatch match = AlmostAll();
  match.Deliver(Batch(0, 0, 10));
  match.Deliver(Batch(0, 0, 1));
  CHECK(Compared(match).readings.duplicated == kFleetSeries);
}

TEST_CASE("Fleet match: a value one step of its resolution off is altered") {
  FleetMatch match = AlmostAll();
  Delivery batch = Batch(0, 0, 10);
  batch.readings[0].value += 0.01;
  match.Deliver(batch);
  const Report report = Compared(match);
  CHECK(report.readings.altered == 1);
  CHECK(report.readings.lost == 0);
}

TEST_CASE("Fleet match: a reading of a time at which nothing was measured is invented") {
  FleetMatch match = AlmostAll();
  Delivery batch = Batch(0, 0, 10);
  batch.readings[0].time += milliseconds{500};
  match.Deliver(batch);
  const Report report = Compared(match);
  CHECK(report.readings.invented == 1);
  CHECK(report.readings.lost == 1);
}

TEST_CASE("Fleet match: what was measured after the end was not measured") {
  const FleetVehicle vehicle(kPlan, 1);
  const Report report = Compared(AlmostAll(), vehicle.TimeOf(100));
  CHECK(report.readings.lost == 10 * kFleetSeries);
  // The second vehicle begins half a second later: instants 100 and on are at or after the end.
  CHECK(report.readings.invented == (kSeconds - 100 + kSeconds - 101) * kFleetSeries);
}

TEST_CASE("Fleet match: other vehicles, series and runs are only counted") {
  FleetMatch match = AlmostAll();
  Delivery batch = Batch(0, 0, 10);
  batch.vehicle = "truck-3";
  match.Deliver(batch);
  Delivery recorded{.vehicle = "truck-1", .series = {{"cargo:celsius:avg10s", {}}}, .readings = {}};
  recorded.readings.push_back({.series = 0, .time = kPlan.start, .value = 1, .good = true});
  match.Deliver(recorded);
  Delivery earlier = Batch(0, 0, 1);
  for (Delivery::Reading& reading : earlier.readings) reading.time -= seconds{3600};
  match.Deliver(earlier);
  CHECK(Compared(match).readings.other == 10 * kFleetSeries + 1 + kFleetSeries);
  CHECK(Compared(match).readings.lost == 10 * kFleetSeries);
}

TEST_CASE("Fleet match: troubles without alerts, and alerts without troubles") {
  FleetMatch match = AlmostAll();
  match.Deliver(AlertMatch::Delivered{.vehicle = "truck-1",
                                      .alert = "Overspeed",
                                      .labels = {},
                                      .change = AlertChange::kFiring,
                                      .at = kPlan.start + seconds{1}});
  Report report;
  match.Compare({"EngineOverheat", "CargoOverheat", "Overspeed"}, kEnd, report);
  CHECK(report.alerts.expected > 0);
  CHECK(report.alerts.missing == report.alerts.expected);
  CHECK(report.alerts.excess == 1);
}

}  // namespace
}  // namespace fleet_edge::simulators
