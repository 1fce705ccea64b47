#pragma once

#include <vector>

#include "core/time.h"
#include "simulators/random.h"

namespace fleet_edge::simulators {

/// Something that goes wrong with a vehicle for a while. A value.
struct Anomaly {
  enum class Kind { kOverheatingEngine, kHeatingContainer, kSpeeding };

  Kind kind = Kind::kOverheatingEngine;
  double begin_s = 0;  ///< since the start of the run
  double end_s = 0;
  int zone = 0;  ///< of kHeatingContainer, from 1

  bool Holds(double seconds) const { return begin_s <= seconds && seconds < end_s; }
};

/// No anomalies are planned for a run that is shorter: an alert could not come and go in it.
inline constexpr Duration kShortestTroubledRun = std::chrono::seconds{20};

/// One of each kind in every minute or so of the run. Each is long enough that its ten-second mean
/// goes far beyond its rule's threshold, and, in a run of 40 s and more, over early enough that the
/// alert is resolved before the end.
std::vector<Anomaly> PlanAnomalies(Duration run, int zones, Random& random);

}  // namespace fleet_edge::simulators
