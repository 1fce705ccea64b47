#include "simulators/alert_match.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {
namespace {

// A window that was lost, and has to fill again: until then it shows later readings alone, so that
// a change can come that much earlier.
constexpr Duration kWindow = std::chrono::seconds{10};
// After its return an agent lets alerts that it remembers stand until its windows are full.
constexpr Duration kSettled = kWindow + std::chrono::seconds{2};
// What turns back sooner after the return may have gone unseen: sensors at 1 Hz need five readings
// in a ten-second window.
constexpr Duration kUnseen = kWindow + std::chrono::seconds{6};

bool Fits(const ExpectedChange& expected, const AlertMatch::Delivered& delivered) {
  return expected.vehicle == delivered.vehicle && expected.alert == delivered.alert &&
         expected.change == delivered.change && expected.earliest <= delivered.at &&
         delivered.at <= expected.latest &&
         std::ranges::all_of(expected.labels, [&](const Labels::Pair& label) {
           return delivered.labels.Get(label.first) == label.second;
         });
}

std::string Describe(const std::string& vehicle, const std::string& alert, const Labels& labels,
                     AlertChange change) {
  return vehicle + " " + alert + ToString(labels) + " " + std::string(NameOf(change));
}

void Find(Report& report, std::string finding) {
  if (report.findings.size() < kMaxFindings) report.findings.push_back(std::move(finding));
}

}  // namespace

/// What is expected, in the order of time, and relaxed where a SIGKILL left it open.
std::vector<ExpectedChange> AlertMatch::Relaxed(const Promise& promise) const {
  std::vector<ExpectedChange> expected = expected_;
  std::ranges::stable_sort(expected, {}, &ExpectedChange::earliest);
  using Instance = std::tuple<std::string, std::string, Labels>;
  std::map<Instance, std::vector<ExpectedChange*>> lives;
  for (ExpectedChange& change : expected) {
    lives[{change.vehicle, change.alert, change.labels}].push_back(&change);
  }
  for (const auto& [instance, life] : lives) {
    for (std::size_t i = 0; i < life.size(); ++i) {
      ExpectedChange& change = *life[i];
      const std::optional<Promise::Absence> absence =
          promise.Disturbs(change.vehicle, change.earliest - kWindow, change.latest);
      if (!absence) continue;
      change.earliest -= kWindow;
      change.latest = std::max<UtcTime>(change.latest, absence->end + kSettled);
      // It may have turned back before the agent could see it: then neither is required.
      if (i + 1 < life.size() && life[i + 1]->earliest <= absence->end + kUnseen) {
        change.required = false;
        life[i + 1]->required = false;
      }
    }
  }
  return expected;
}

bool AlertMatch::Judged(const Delivered& delivered, UtcTime begin, UtcTime end) const {
  return judged_.contains(delivered.alert) && vehicles_.contains(delivered.vehicle) &&
         begin <= delivered.at && delivered.at <= end;
}

void AlertMatch::Compare(const Promise& promise, UtcTime begin, UtcTime end, Report& report) const {
  std::vector<Delivered> delivered = delivered_;
  std::ranges::stable_sort(delivered, {}, &Delivered::at);
  std::vector<bool> explained(delivered.size());
  const auto explain = [&](const ExpectedChange& expected) {
    for (std::size_t i = 0; i < delivered.size(); ++i) {
      if (explained[i] || !Fits(expected, delivered[i])) continue;
      explained[i] = true;
      return true;
    }
    return false;
  };

  const std::vector<ExpectedChange> expected = Relaxed(promise);
  for (const ExpectedChange& change : expected) {
    if (!change.required) continue;
    ++report.alerts.expected;
    if (explain(change)) {
      ++report.alerts.arrived;
    } else {
      ++report.alerts.missing;
      Find(report,
           "missing: " + Describe(change.vehicle, change.alert, change.labels, change.change) +
               " between " + ToString(change.earliest) + " and " + ToString(change.latest));
    }
  }
  for (const ExpectedChange& change : expected) {
    if (change.required) continue;
    ++report.alerts.open;
    explain(change);
  }
  for (std::size_t i = 0; i < delivered.size(); ++i) {
    if (!Judged(delivered[i], begin, end)) {
      ++report.alerts.other;
    } else if (!explained[i]) {
      ++report.alerts.excess;
      Find(report, "excess: " +
                       Describe(delivered[i].vehicle, delivered[i].alert, delivered[i].labels,
                                delivered[i].change) +
                       " at " + ToString(delivered[i].at));
    }
  }
}

}  // namespace fleet_edge::simulators
