#include "simulators/alert_match.h"

#include <doctest/doctest.h>

#include <string>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {
namespace {

UtcTime At(int second) { return UtcTime{std::chrono::seconds{1'700'000'000 + second}}; }

ExpectedChange Expected(AlertChange change, int earliest, int latest, const Labels& labels = {}) {
  return {.vehicle = "v",
          .alert = "Hot",
          .labels = labels,
          .change = change,
          .earliest = At(earliest),
          .latest = At(latest)};
}

AlertMatch::Delivered Delivered(AlertChange change, int second, const Labels& labels = {}) {
  return {.vehicle = "v", .alert = "Hot", .labels = labels, .change = change, .at = At(second)};
}

Promise KilledFrom(int second, int until) {
  Promise promise;
  promise.Add({.kind = LedgerNote::Kind::kKill, .at = At(second), .vehicle = "v"});
  promise.Add({.kind = LedgerNote::Kind::kStart, .at = At(until), .vehicle = "v"});
  return promise;
}

AlertMatch Match() {
  AlertMatch match;
  match.Judge("Hot");
  match.AddVehicle("v");
  return match;
}

Report::Alerts Compared(const AlertMatch& match, const Promise& promise = Promise()) {
  Report report;
  match.Compare(promise, At(0), At(1000), report);
  return report.alerts;
}

}  // namespace

TEST_CASE("AlertMatch: labels of the rule may come beside those of the series") {
  AlertMatch match = Match();
  match.Expect(Expected(AlertChange::kFiring, 10, 12, {{"zone", "1"}}));
  match.Deliver(Delivered(AlertChange::kFiring, 11, {{"zone", "1"}, {"severity", "warning"}}));
  CHECK(Compared(match).arrived == 1);
  CHECK(Compared(match).excess == 0);
}

TEST_CASE("AlertMatch: another zone's alert is not this one's") {
  AlertMatch match = Match();
  match.Expect(Expected(AlertChange::kFiring, 10, 12, {{"zone", "1"}}));
  match.Deliver(Delivered(AlertChange::kFiring, 11, {{"zone", "2"}}));
  CHECK(Compared(match).missing == 1);
  CHECK(Compared(match).excess == 1);
}

TEST_CASE("AlertMatch: what the ledger doesn't judge is only counted") {
  AlertMatch match = Match();
  AlertMatch::Delivered other = Delivered(AlertChange::kFiring, 11);
  other.alert = "HarshBraking";
  match.Deliver(other);
  match.Deliver(Delivered(AlertChange::kFiring, -5));  // before the run
  CHECK(Compared(match).other == 2);
  CHECK(Compared(match).excess == 0);
}

TEST_CASE("AlertMatch: an open change may come or not") {
  AlertMatch match = Match();
  ExpectedChange open = Expected(AlertChange::kFiring, 10, 12);
  open.required = false;
  match.Expect(open);
  CHECK(Compared(match).missing == 0);
  match.Deliver(Delivered(AlertChange::kFiring, 11));
  CHECK(Compared(match).excess == 0);
  CHECK(Compared(match).open == 1);
}

TEST_CASE("AlertMatch: an alert due while the agent was away comes after its return") {
  AlertMatch match = Match();
  match.Expect(Expected(AlertChange::kFiring, 20, 22));
  match.Expect(Expected(AlertChange::kResolved, 80, 82));
  match.Deliver(Delivered(AlertChange::kFiring, 35));
  match.Deliver(Delivered(AlertChange::kResolved, 81));
  CHECK(Compared(match).missing == 1);
  CHECK(Compared(match, KilledFrom(19, 30)).missing == 0);
  CHECK(Compared(match, KilledFrom(19, 30)).arrived == 2);
}

TEST_CASE("AlertMatch: a SIGKILL excuses no alert that still held after the return") {
  AlertMatch match = Match();
  match.Expect(Expected(AlertChange::kFiring, 20, 22));
  match.Expect(Expected(AlertChange::kResolved, 80, 82));
  CHECK(Compared(match, KilledFrom(19, 30)).missing == 2);
}

TEST_CASE("AlertMatch: an incident that began and ended while the agent was away is open") {
  AlertMatch match = Match();
  match.Expect(Expected(AlertChange::kFiring, 20, 22));
  match.Expect(Expected(AlertChange::kResolved, 35, 36));
  CHECK(Compared(match, KilledFrom(19, 40)).missing == 0);
  CHECK(Compared(match, KilledFrom(19, 40)).open == 2);
}

}  // namespace fleet_edge::simulators
