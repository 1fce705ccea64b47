#pragma once

#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// What gpsd 3.25 says, protocol 3.15 (gpsd_json(5)): an object of JSON and the line's end each.

std::string GpsdVersion();

/// One device; without one, as after it was unplugged, an empty list.
std::string GpsdDevices(std::string_view device, UtcTime activated);

/// The answer to `?WATCH`.
std::string GpsdWatch(bool enabled);

/// Time, position, velocity. Absent is what a receiver without a fix doesn't know.
std::string GpsdTpv(std::string_view device, const VehicleState::Gnss& gnss, UtcTime time);

/// Satellites and dilution of precision.
std::string GpsdSky(std::string_view device, const VehicleState::Gnss& gnss, UtcTime time);

/// The same moment as TPV and SKY tell it.
VehicleState::Gnss AsGpsdTells(const VehicleState::Gnss& gnss);

/// To a request that gpsd doesn't know.
std::string GpsdError(std::string_view message);

}  // namespace fleet_edge::simulators
