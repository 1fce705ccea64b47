#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "rules/external.h"

namespace fleet_edge::rules {

/// How an engine runs, whatever its rules.
struct EngineOptions {
  External external{};
  /// Of instant selectors, unless the group or the file says otherwise.
  Duration lookback = std::chrono::seconds{30};
  /// In all windows together, 16 bytes each. Beyond it a series loses its oldest first.
  std::size_t max_samples = 2'000'000;
  /// Of all groups, instead of their own.
  std::optional<Duration> interval{};
  std::optional<Duration> lateness{};
  /// Instants are `origin` plus multiples of the interval.
  UtcTime origin{};
  /// Groups that are evaluated before the others, in this order, by name.
  std::vector<std::string> group_order{};
};

}  // namespace fleet_edge::rules
