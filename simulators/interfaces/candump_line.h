#pragma once

#include <string>

#include "core/time.h"
#include "simulators/interfaces/bus_frame.h"

namespace fleet_edge::simulators {

/// A line of a log as `candump -l` of can-utils writes it, of the interface can0:
/// `(1436509052.249713) can0 18FEF100#FFFF00FFFFFFFFFF`.
std::string CandumpLine(const BusFrame& frame, UtcTime time);

}  // namespace fleet_edge::simulators
