#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/time.h"

namespace fleet_edge::simulators {

/// A whole fleet, as far as one needs to know it to work out all that its sensors measure. A value,
/// and an entry of the ledger: it stands for millions of readings.
struct FleetPlan {
  std::string name = "truck";  ///< of the vehicles: truck-1, truck-2, …
  std::uint32_t vehicles = 1;
  std::uint64_t seed = 1;
  UtcTime start;              ///< event time at which the first vehicle begins
  std::uint32_t seconds = 0;  ///< for which each measures, once a second
  /// Over which the vehicles' beginnings are spread: agents seal by age, so as many seal at once as
  /// begin at once.
  Duration spread = std::chrono::seconds{10};

  friend bool operator==(const FleetPlan&, const FleetPlan&) = default;
};

}  // namespace fleet_edge::simulators
