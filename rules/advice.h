#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "rules/engine.h"

namespace fleet_edge::rules {

/// What is known of the vehicle that rules are for.
struct VehicleFacts {
  /// Names of the signals that its drivers produce; nothing when nobody knows.
  std::optional<std::vector<std::string>> signals{};
  bool has_display = true;  ///< the driver can be told
};

/// Warnings of what rule files may say but should not on a vehicle: windows with gaps, names that
/// nothing produces, series without a bound, alerts that nobody can sort or read. `files` as for
/// Engine::Load(); nothing is said of files with errors.
Diagnostics AdviseOnRules(const std::vector<RuleText>& files, const VehicleFacts& vehicle);

}  // namespace fleet_edge::rules
