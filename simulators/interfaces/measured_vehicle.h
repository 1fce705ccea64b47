#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/drive_cycle.h"
#include "simulators/track.h"
#include "simulators/vehicle.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// Of its container.
inline constexpr int kVehicleZones = 7;

/// A vehicle on its trip, and what its sensors show: nothing happens to it but its anomalies, so
/// that none is ever silent. One thread.
class MeasuredVehicle {
 public:
  MeasuredVehicle(const std::string& id, std::uint64_t seed, std::vector<Anomaly> anomalies);

  /// Lives on to `seconds` since the start. Precondition: not before the last call's.
  const VehicleState& Advance(double seconds);

 private:
  const DriveCycle cycle_;
  const Track track_;
  Vehicle vehicle_;
  VehicleState state_;
};

}  // namespace fleet_edge::simulators
