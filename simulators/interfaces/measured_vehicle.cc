#include "simulators/interfaces/measured_vehicle.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/recordings.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

MeasuredVehicle::MeasuredVehicle(const std::string& id, std::uint64_t seed,
                                 std::vector<Anomaly> anomalies)
    : cycle_(seed % 2 == 0 ? Us06Cycle() : UddsCycle()),
      track_(RegensburgTrack()),
      vehicle_({.id = id, .seed = seed, .zones = kVehicleZones, .anomalies = std::move(anomalies)},
               cycle_, track_) {}

const VehicleState& MeasuredVehicle::Advance(double seconds) {
  vehicle_.Advance(seconds);
  state_ = vehicle_.Shown();
  return state_;
}

}  // namespace fleet_edge::simulators
