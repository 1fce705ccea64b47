#pragma once

#include <cstddef>

#include "core/time.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// What a receiver's reports mean, in the ledger. The agent may give them the receiver's time or
/// its own: both lie close by here. The ledger outlives it.
class GnssVoice {
 public:
  explicit GnssVoice(DeviceLedger& ledger);

  /// It was said, as `gnss` tells it.
  void Say(const VehicleState::Gnss& gnss, UtcTime time);

  /// The last report may still have been waiting for its epoch's end.
  void DoubtLast(UtcTime now);

 private:
  DeviceLedger& ledger_;
  std::size_t fix_;
  std::size_t position_;  // of a fix
  std::size_t altitude_;  // of a three-dimensional one
};

}  // namespace fleet_edge::simulators
