#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/counters.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

/// A line a change of state: `2026-11-21T06:28:35Z firing CargoOverheat{zone="1"} 46.2 Container 1
/// at 46 °C`.
std::string ChangeText(const rules::AlertEvent& event);

/// The same as a JSON object: time, alert, state, labels, value.
std::string ChangeJson(const rules::AlertEvent& event);

/// Counts what a replay brought about, for the summary at its end. A value.
class ReplaySummary {
 public:
  void Add(const rules::AlertEvent& event);

  /// By alert, then the readings by quality, and what was refused and why.
  std::string Text(const Counters& counters) const;

 private:
  struct Changes {
    std::uint64_t fired = 0;
    std::uint64_t resolved = 0;
  };

  std::map<std::string, Changes> by_alert_;
};

}  // namespace fleet_edge::agent
