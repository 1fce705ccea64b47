#pragma once

#include <string_view>

#include "simulators/drive_cycle.h"
#include "simulators/track.h"

namespace fleet_edge::simulators {

/// The recordings that vehicles drive by, parsed. Outlives the vehicles; read by any thread.
class Roads {
 public:
  Roads();

  /// `udds`, `us06`, `track`; null for any other name.
  const DriveCycle* Cycle(std::string_view name) const;

  const Track& track() const { return track_; }

 private:
  DriveCycle udds_;
  DriveCycle us06_;
  DriveCycle regensburg_;
  Track track_;
};

/// Of the cycles, for messages.
inline constexpr std::string_view kCycleNames = "udds, us06, track";

}  // namespace fleet_edge::simulators
