#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"
#include "rules/rule_text.h"

namespace fleet_edge::anomaly {

/// While one alert fired; open at the end when it still does.
struct Alarm {
  UtcTime from;
  UtcTime until = UtcTime::max();
};

/// By the alert's name.
using Alarms = std::map<std::string, std::vector<Alarm>>;

/// The real engine on one vehicle's readings, and when each alert of its rules fired.
class Watch {
 public:
  /// Throws std::invalid_argument when a file has a mistake.
  explicit Watch(const std::vector<rules::RuleText>& rules);

  /// Readings come in order of time; AdvanceTo() evaluates what lies up to `time`.
  void Add(std::string_view signal, UtcTime time, double value);
  void AdvanceTo(UtcTime time);

  const Alarms& alarms() const { return alarms_; }

 private:
  SeriesRegistry registry_;
  rules::Engine engine_;
  rules::Changes changes_;
  Alarms alarms_;
};

/// The whole of a file, its path from the repository's root; throws std::runtime_error.
std::string ReadFile(const std::string& path);

/// The tanker's rules as they ship that tell departures, and those of tests/anomaly/rules.yaml that
/// they are compared with.
std::vector<rules::RuleText> ShippedRules();

}  // namespace fleet_edge::anomaly
