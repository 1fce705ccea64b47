#include "agent/health/health_watch.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "agent/health/health.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// How a kind of problem begins and ends.
struct Steadiness {
  std::string_view id;
  Duration hold;       ///< found for so long, with gaps shorter than `away`, it begins
  Duration away;       ///< not found for so long it ends
  bool noted = false;  ///< while it holds, a note says so: nobody is to read that all is well
};

// The finding itself waits where a limit is configured (driver_silent). What has no row begins at
// the first look that finds it and ends ten seconds after the last.
constexpr Steadiness kSteadiness[] = {
    {"driver_failing", seconds{0}, minutes{5}},           // it is made anew within two minutes
    {"readings_refused", seconds{5}, minutes{2}},         // a spike now and then is no fault
    {"readings_dropped", seconds{0}, minutes{1}},         // bursts come in a row
    {"series_limit", seconds{0}, minutes{5}},             // a topic may speak every few minutes
    {"clock_not_set", minutes{2}, seconds{10}},           // NTP and GNSS need that after power-on
    {"hub_unreachable", seconds{30}, seconds{10}, true},  // tunnels, changes of the radio cell
    {"batch_refused", seconds{0}, hours{1}},              // over at once: long enough to be seen
    {"outbox_filling", minutes{1}, minutes{2}},           // a pace is an estimate
    {"outbox_full", seconds{0}, minutes{2}},              // drops come in bursts
    {"outbox_damaged", seconds{0}, hours{1}},             // over at once: long enough to be seen
    {"disk_failing", seconds{3}, seconds{10}},            // a commit is tried again within seconds
    {"config_changed", minutes{1}, seconds{0}},           // who edits restarts it, or writes on
    {"rules_refused", seconds{0}, seconds{0}},            // one look tells all
    {"rule_failing", seconds{0}, minutes{5}},             // groups are evaluated every minute or so
    {"display_unreachable", seconds{10}, seconds{5}},     // a broker is restarted
};
constexpr Steadiness kDefault{"", seconds{0}, seconds{10}};

// Looks come each second; after a pause, such as suspend, nobody knows what was in between.
constexpr Duration kLongestLook = seconds{2};

const Steadiness& SteadinessOf(std::string_view id) {
  const auto* const found = std::ranges::find(kSteadiness, id, &Steadiness::id);
  return found == std::end(kSteadiness) ? kDefault : *found;
}

bool IsWorse(const Problem& a, const Problem& b) {
  return std::tie(b.severity, a.since, a.id, a.subject) <
         std::tie(a.severity, b.since, b.id, b.subject);
}

}  // namespace

std::vector<HealthWatch::Change> HealthWatch::Note(std::vector<Problem> found, UtcTime now,
                                                   BootTime boot) {
  for (Problem& problem : found) Find(std::move(problem), boot);
  last_look_ = boot;
  std::vector<Change> changes;
  for (auto entry = cases_.begin(); entry != cases_.end();) {
    Case& one = entry->second;
    const bool gone = one.last != boot && boot - one.last >= SteadinessOf(one.problem.id).away;
    if (gone && one.open) {
      changes.push_back({.problem = std::move(one.problem), .lasted = one.last - one.first});
    }
    entry = gone ? cases_.erase(entry) : std::next(entry);
  }
  std::ranges::move(Begin(now, boot), std::back_inserter(changes));
  MakeHealth();
  return changes;
}

std::vector<HealthWatch::Change> HealthWatch::Begin(UtcTime now, BootTime boot) {
  std::vector<Change> changes;
  std::size_t open = std::ranges::count_if(cases_, [](auto& entry) { return entry.second.open; });
  for (auto& [key, one] : cases_) {
    one.problem.since = now - (boot - one.first);
    if (one.open) {
      // What gets better and worse again is told once: the worst is known.
      if (one.problem.severity <= one.told) continue;
      changes.push_back({.problem = one.problem, .worse = true});
    } else {
      if (one.found < SteadinessOf(one.problem.id).hold || open >= kMaxProblems) continue;
      one.open = true;
      ++open;
      changes.push_back({.problem = one.problem});
    }
    one.told = one.problem.severity;
  }
  return changes;
}

void HealthWatch::Find(Problem problem, BootTime boot) {
  const auto [place, is_new] = cases_.try_emplace({problem.id, problem.subject});
  Case& one = place->second;
  if (is_new) {
    one.first = boot;
  } else if (one.last != boot && last_look_) {
    one.found += std::min(boot - *last_look_, kLongestLook);
  }
  one.last = boot;
  one.problem = std::move(problem);
}

void HealthWatch::MakeHealth() {
  health_.clear();
  for (const auto& [key, one] : cases_) {
    if (one.open) health_.push_back(one.problem);
    if (one.open || one.last != last_look_ || !SteadinessOf(one.problem.id).noted) continue;
    Problem& note = health_.emplace_back(one.problem);
    note.severity = Severity::kInfo;
    note.early = true;
  }
  std::ranges::sort(health_, IsWorse);
}

}  // namespace fleet_edge::agent
