#pragma once

#include "simulators/random.h"
#include "simulators/track.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// A receiver: errors that wander slowly, a first fix that takes its time, none under a roof. A
/// value; one thread.
class GnssReceiver {
 public:
  /// Cold: it knows no satellite yet.
  GnssReceiver(bool cold, Random& random);

  /// `seconds` later, at `place`; `covered` in a tunnel.
  void Step(double seconds, const Track::Place& place, double altitude_m, double speed_mps,
            bool covered, Random& random);

  /// What it says now.
  const VehicleState::Gnss& report() const { return report_; }

 private:
  void Wander(double seconds, Random& random);

  double search_s_;  // until the next fix
  double north_m_;
  double east_m_;
  double up_m_;
  double sky_;  // standard normal; how good the sky is
  VehicleState::Gnss report_;
};

}  // namespace fleet_edge::simulators
