#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/time.h"

namespace fleet_edge::rules {

enum class AlertState : std::uint8_t { kInactive, kPending, kFiring, kResolved };

std::string_view ToString(AlertState state);

/// A change of state of one alert (one rule, one label set). A value; what the notifier and the hub
/// get.
struct AlertEvent {
  std::string alert;  ///< the rule's name
  AlertState state = AlertState::kInactive;
  UtcTime at;                       ///< the evaluation instant
  UtcTime active_since;             ///< the instant at which the condition began to hold
  double value = 0;                 ///< of the expression at `at`; for resolved the last one
  Labels labels;                    ///< of series, rule and vehicle; without alertname
  Labels annotations;               ///< templates filled in
  std::vector<std::string> notify;  ///< who is told: `driver`, `fleet`
  bool cooled_down =
      true;  ///< false while the rule's cooldown holds notifications back: record it, tell nobody
};

}  // namespace fleet_edge::rules
