#pragma once

#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// What a receiver says of one moment in NMEA 0183, 4.10: RMC, VTG, GGA, GSA, GSV and ZDA, a line
/// each.
std::string NmeaEpoch(const VehicleState::Gnss& gnss, UtcTime time);

/// The same moment as those sentences tell it: rounded to 10⁻⁵ minutes, a tenth of a metre, a
/// hundredth of a degree, of a knot and of HDOP.
VehicleState::Gnss AsNmeaTells(const VehicleState::Gnss& gnss);

/// … and its time: hundredths of a second.
UtcTime AsNmeaTells(UtcTime time);

/// `$body*hh` and the line's end.
std::string NmeaSentence(std::string_view body);

}  // namespace fleet_edge::simulators
