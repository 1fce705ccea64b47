#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

/// A line a change of state: `2026-11-21T06:28:35Z firing CargoOverheat{zone="1"} 46.2 Container 1
/// at 46 °C`.
std::string ChangeText(const rules::AlertEvent& event);

/// The same as a JSON object: time, alert, state, labels, value.
std::string ChangeJson(const rules::AlertEvent& event);

/// One element of an expression at one instant, as a line: `2026-11-21T06:28:35Z
/// cargo_celsius{zone="1"} 46.2`.
std::string ElementText(UtcTime at, const Labels& labels, double value);

/// The same as a JSON object: time, series, labels, value.
std::string ElementJson(UtcTime at, const std::string& expression, const Labels& labels,
                        double value);

/// Counts what a replay brought about, for the summary at its end. A value.
class ReplaySummary {
 public:
  /// The names of the rules' alerts and the expressions asked for, so that those that never say
  /// anything are told too.
  ReplaySummary(const std::vector<std::string>& alerts,
                const std::vector<std::string>& expressions);

  void Add(const rules::AlertEvent& event);

  /// One element of the expression asked for.
  void Add(const std::string& expression, double value);

  /// What an alert or an expression asks for and the recordings have not, for when it says
  /// nothing.
  void Miss(const std::string& alert_or_expression, const std::vector<std::string>& selectors);

  /// By alert, then by expression, then the readings by quality, and what was refused and why. An
  /// alert that still fires has fired until `end`.
  std::string Text(const Counters& counters, UtcTime end) const;

 private:
  struct Alert {
    std::uint64_t fired = 0;
    std::uint64_t resolved = 0;
    std::optional<UtcTime> first{};
    Duration longest{};
    std::map<Labels, UtcTime> firing{};  ///< since when
  };
  struct Values {
    std::uint64_t count = 0;
    double least = 0;
    double most = 0;
  };

  std::string AlertText(const std::string& name, std::size_t width, const Alert& alert,
                        UtcTime end) const;
  std::string ValuesText(const std::string& expression, const Values& values) const;

  /// `, not in the recordings: a, b`, or nothing.
  std::string MissText(const std::string& alert_or_expression) const;

  std::map<std::string, Alert> by_alert_;
  std::map<std::string, Values> by_expression_;
  std::map<std::string, std::vector<std::string>> misses_;
};

}  // namespace fleet_edge::agent
