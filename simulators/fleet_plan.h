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

  /// Vehicles times seconds: what verify keeps four bytes for.
  std::uint64_t instants() const { return std::uint64_t{vehicles} * seconds; }

  friend bool operator==(const FleetPlan&, const FleetPlan&) = default;
};

/// The most that a plan may have: ten thousand vehicles for thirty hours, 4 GiB.
inline constexpr std::uint64_t kMostFleetInstants = std::uint64_t{1} << 30U;

}  // namespace fleet_edge::simulators
