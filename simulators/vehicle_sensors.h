#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulators/random.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// What a vehicle's sensors make of the truth: noise, and the events that are theirs. A value; one
/// thread.
class VehicleSensors {
 public:
  /// Takes those of the events that are of sensors. `state` has the vehicle's zones and tyres.
  VehicleSensors(std::span<const VehicleEvent> events, const VehicleState& state);

  /// What they show at `seconds` since the start of the run. A silent sensor shows NaN, a silent
  /// GNSS receiver the fix 0. Precondition: not before the last call's.
  VehicleState Show(const VehicleState& truth, double seconds, Random& random);

 private:
  struct Fault {
    VehicleEvent event;
    std::size_t place;             // of the event's signal
    std::optional<double> frozen;  // what was shown when kFreezes began
  };

  static void Apply(Fault& fault, double& value, double seconds);

  std::vector<Fault> faults_;
};

}  // namespace fleet_edge::simulators
