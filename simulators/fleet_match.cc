#include "simulators/fleet_match.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/alert_match.h"
#include "simulators/alert_rule.h"
#include "simulators/delivery.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/report.h"
#include "simulators/series_name.h"
#include "simulators/truth.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::seconds;

// After the last reading its window runs empty, and takes this long.
constexpr Duration kAftermath = seconds{15};

std::optional<std::size_t> PlaceOf(const SeriesName& series) {
  const auto all = FleetSeries();
  const auto found = std::ranges::find(all, series);
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

FleetMatch::FleetMatch(const FleetPlan& plan) : plan_(plan) {
  vehicles_.reserve(plan.vehicles);
  for (std::uint32_t number = 0; number < plan.vehicles; ++number) {
    const std::string name = FleetVehicleName(plan, number);
    places_.emplace(name, vehicles_.size());
    vehicles_.push_back({.name = name, .senses = FleetVehicle(plan, number)});
    vehicles_.back().arrived.resize(plan.seconds);
  }
}

FleetMatch::Vehicle* FleetMatch::Find(const std::string& name) {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : &vehicles_[found->second];
}

bool FleetMatch::IsOfTheRun(UtcTime time) const {
  return plan_.start <= time && time < plan_.start + plan_.spread + seconds{plan_.seconds + 1};
}

void FleetMatch::Note(const std::string& what, const Vehicle& vehicle, UtcTime time,
                      const std::string& more) {
  if (seen_.findings.size() >= kMaxFindings) return;
  seen_.findings.push_back(what + ": " + vehicle.name + " of " + ToString(time) + more);
}

void FleetMatch::Deliver(const Delivery& delivery) {
  Vehicle* const vehicle = Find(delivery.vehicle);
  if (vehicle == nullptr) {
    seen_.readings.other += delivery.readings.size();
    return;
  }
  std::vector<std::optional<std::size_t>> places;
  places.reserve(delivery.series.size());
  for (const SeriesName& series : delivery.series) places.push_back(PlaceOf(series));
  std::vector<Truth> truths;
  for (const Delivery::Reading& reading : delivery.readings) {
    const std::optional<std::size_t> place = places[reading.series];
    if (place && IsOfTheRun(reading.time)) {
      Take(*vehicle, *place, reading, truths);
    } else {
      ++seen_.readings.other;  // of a rule, or of another run
    }
  }
}

void FleetMatch::Take(Vehicle& vehicle, std::size_t series, const Delivery::Reading& reading,
                      std::vector<Truth>& truths) {
  seen_.readings.not_good += reading.good ? 0 : 1;
  const std::optional<std::uint32_t> instant = vehicle.senses.InstantAt(reading.time);
  if (!instant) {
    ++seen_.readings.invented;
    return Note("invented", vehicle, reading.time, " " + FleetSeries()[series].name);
  }
  // A batch has the same instants for each series.
  auto truth = std::ranges::find(truths, *instant, &Truth::instant);
  if (truth == truths.end()) {
    truths.push_back({*instant, vehicle.senses.ValuesAt(*instant)});
    truth = truths.end() - 1;
  }
  if (truth->values.at(series) != reading.value) {
    ++seen_.readings.altered;
    Note("altered", vehicle, reading.time,
         " " + FleetSeries()[series].name + ": measured " +
             std::to_string(truth->values.at(series)) + ", arrived " +
             std::to_string(reading.value));
  }
  std::uint32_t& arrived = vehicle.arrived[*instant];
  const std::uint32_t bit = 1U << series;
  if ((arrived & bit) != 0) {
    ++seen_.readings.duplicated;
    Note("duplicated", vehicle, reading.time, " " + FleetSeries()[series].name);
  }
  arrived |= bit;
}

void FleetMatch::Deliver(const AlertMatch::Delivered& change) {
  if (Vehicle* const vehicle = Find(change.vehicle)) {
    vehicle->changes.push_back(change);
  } else {
    ++seen_.alerts.other;
  }
}

void FleetMatch::Compare(const std::vector<std::string>& alerts, std::optional<UtcTime> end,
                         Report& report) const {
  Report::Readings& readings = report.readings;
  readings.other += seen_.readings.other;
  readings.not_good += seen_.readings.not_good;
  readings.invented += seen_.readings.invented;
  readings.altered += seen_.readings.altered;
  readings.duplicated += seen_.readings.duplicated;
  report.alerts.other += seen_.alerts.other;
  report.findings.insert(report.findings.end(), seen_.findings.begin(), seen_.findings.end());
  for (const Vehicle& vehicle : vehicles_) {
    CompareReadings(vehicle, end.value_or(UtcTime::max()), report);
    CompareAlerts(vehicle, alerts, end.value_or(UtcTime::max()), report);
  }
  if (report.findings.size() > kMaxFindings) report.findings.resize(kMaxFindings);
}

void FleetMatch::CompareReadings(const Vehicle& vehicle, UtcTime end, Report& report) const {
  for (std::uint32_t instant = 0; instant < plan_.seconds; ++instant) {
    const UtcTime time = vehicle.senses.TimeOf(instant);
    const auto arrived = static_cast<std::uint64_t>(std::popcount(vehicle.arrived[instant]));
    if (time >= end) {
      report.readings.invented += arrived;
      continue;
    }
    report.readings.expected += kFleetSeries;
    report.readings.arrived += arrived;
    if (arrived == kFleetSeries) continue;
    const std::uint64_t lost = kFleetSeries - arrived;
    report.readings.lost += lost;
    if (report.findings.size() >= kMaxFindings) continue;
    report.findings.push_back("lost: " + vehicle.name + " of " + ToString(time) + ", " +
                              std::to_string(lost) + " readings");
  }
}

void FleetMatch::CompareAlerts(const Vehicle& vehicle, const std::vector<std::string>& alerts,
                               UtcTime end, Report& report) const {
  std::vector<std::pair<std::size_t, AlertTruth>> truths;  // with the place of its series
  AlertMatch match;
  match.AddVehicle(vehicle.name);
  for (const AlertRule& rule : kTankerAlerts) {
    if (std::ranges::find(alerts, rule.alert) == alerts.end()) continue;
    match.Judge(std::string(rule.alert));
    for (std::size_t place = 0; place < kFleetSeries; ++place) {
      const SeriesName& series = FleetSeries()[place];
      if (series.name != rule.signal) continue;
      truths.emplace_back(place, AlertTruth(vehicle.name, rule, series.labels));
    }
  }
  for (std::uint32_t instant = 0; !truths.empty() && instant < plan_.seconds; ++instant) {
    const UtcTime time = vehicle.senses.TimeOf(instant);
    if (time >= end) break;
    const FleetValues values = vehicle.senses.ValuesAt(instant);
    for (auto& [place, truth] : truths) truth.Add(time, values.at(place));
  }
  for (auto& [place, truth] : truths) {
    truth.Finish();
    for (const ExpectedChange& expected : truth.Take()) match.Expect(expected);
  }
  for (const AlertMatch::Delivered& change : vehicle.changes) match.Deliver(change);
  const UtcTime last = end == UtcTime::max() ? end : end + kAftermath + seconds{1};
  match.Compare(Promise(), plan_.start, last, report);
}

}  // namespace fleet_edge::simulators
