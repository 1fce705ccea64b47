#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {

/// A time during which the hub is down, counted from its start.
struct Outage {
  Duration begin{};
  Duration end{};

  friend bool operator==(const Outage&, const Outage&) = default;
};

/// Reads `20s@30s`: down for 20 s, 30 s after the start. Nothing when it is none.
std::optional<Outage> ParseOutage(std::string_view text);

/// The same times in order; those that overlap or touch become one.
std::vector<Outage> Merged(std::vector<Outage> outages);

}  // namespace fleet_edge::simulators
