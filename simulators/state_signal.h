#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// Where a signal of the catalogue stands in a state, or null: no such signal, zone or tyre, or one
/// that is no real number (ignition_on, gnss_fix, gnss_satellites). `place` counts from 0: zones,
/// or tyres in the state's order.
double* FieldOf(VehicleState& state, std::string_view signal, std::size_t place = 0);

/// How many places a signal has in this state: zones, tyres, or one.
std::size_t PlacesOf(const VehicleState& state, std::string_view signal);

/// All series of a vehicle with so many zones and tyres, in the catalogue's order.
std::vector<SeriesName> SeriesOf(const VehicleState& state);

/// The value of one of them; NaN when its sensor is silent, or knows nothing without a fix.
/// accel_vertical_mps2 is the catalogue's, gravity included.
double ValueOf(const VehicleState& state, const SeriesName& series);

/// Of the receiver: a GNSS without a word (`gnss`) has fix 0 and nothing else.
inline constexpr std::string_view kGnss = "gnss";

}  // namespace fleet_edge::simulators
