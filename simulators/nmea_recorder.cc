#include "simulators/nmea_recorder.h"

#include <chrono>
#include <cmath>

#include "core/time.h"
#include "simulators/interfaces/nmea_epoch.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::chrono::seconds kEpoch{1};

/// False when a part of what the receiver would say is silent: then it can't tell where it is.
bool Knows(const VehicleState::Gnss& gnss) {
  return !std::isnan(gnss.latitude_deg + gnss.longitude_deg + gnss.altitude_m + gnss.heading_deg +
                     gnss.speed_kmh + gnss.hdop);
}

}  // namespace

void NmeaRecorder::Add(Duration since_start, const VehicleState& shown) {
  if (since_start % kEpoch != Duration::zero() || shown.gnss.fix == 0) return;
  file_.Write(
      NmeaEpoch(Knows(shown.gnss) ? shown.gnss : VehicleState::Gnss{}, start_ + since_start));
  ++epochs_;
}

}  // namespace fleet_edge::simulators
