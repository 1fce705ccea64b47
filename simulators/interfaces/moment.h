#pragma once

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// One turn of a run of devices. A value; `state` is the run's.
struct Moment {
  UtcTime now;     ///< the clock here
  double seconds;  ///< since the run was made, by a clock that never steps
  const VehicleState& state;
};

}  // namespace fleet_edge::simulators
