#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/rule_text.h"
#include "tests/anomaly/alarms.h"
#include "tests/anomaly/fault.h"

namespace fleet_edge::anomaly {

/// A way of telling departures: its alert on the container and on the coolant.
struct Detector {
  std::string title;
  std::string container_alert;
  std::string coolant_alert;
};

/// Those of ShippedRules(), the shipped one first.
const std::vector<Detector>& Detectors();

/// How one detector sees faults of one kind that show.
struct Sight {
  int trials = 0;
  int within_30s = 0;            ///< of showing; told earlier counts
  std::vector<double> delays_s;  ///< from showing, ascending; of those told
  std::vector<double> begins_s;  ///< from the fault's begin, ascending
};

/// What came of it, by detector as in Detectors().
struct Score {
  double vehicle_hours = 0;
  std::vector<int> false_alarms_container;
  std::vector<int> false_alarms_coolant;
};

/// Which tankers are simulated: those that half-lives and thresholds were chosen on, or others.
enum class Tankers : std::uint8_t { kChosenOn, kUnseen };

struct Settings {
  std::vector<rules::RuleText> rules = ShippedRules();
  int period_s = 1;  ///< between readings
  Tankers tankers = Tankers::kChosenOn;
};

/// Tankers without a fault, 48 h each.
Score CountFalseAlarms(const Settings& settings, double vehicle_hours);

/// By detector.
std::vector<Sight> WatchFaults(const Settings& settings, FaultKind kind, int trials);

/// The share-th of ascending values; nothing when there are none.
std::optional<double> QuantileOf(const std::vector<double>& ascending, double share);

}  // namespace fleet_edge::anomaly
