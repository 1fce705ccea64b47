#pragma once

#include <vector>

namespace fleet_edge::simulators {

/// What there is to measure in a vehicle at one moment, in the signal catalogue's units. A value.
///
/// Of what sensors show a number may be NaN: that sensor is silent, and nothing is written for it.
struct VehicleState {
  /// What a GNSS receiver makes of it; with fix 1 it says nothing but that.
  struct Gnss {
    int fix = 1;  ///< 0 the receiver is silent, 1 none, 2 two-dimensional, 3 three-dimensional
    double latitude_deg = 0;
    double longitude_deg = 0;
    double altitude_m = 0;   ///< above mean sea level
    double heading_deg = 0;  ///< clockwise from true north, in [0, 360)
    double speed_kmh = 0;
    double hdop = 99;
    int satellites = 0;  ///< used in the fix
  };

  bool ignition_on = true;
  double vehicle_speed_kmh = 0;  ///< at the wheels
  double odometer_km = 0;
  double engine_rpm = 0;
  double engine_coolant_celsius = 0;
  double engine_load_percent = 0;
  double ambient_celsius = 0;
  double fuel_percent = 0;
  double battery_volts = 0;
  double accel_longitudinal_mps2 = 0;
  double accel_lateral_mps2 = 0;
  double accel_vertical_mps2 = 0;     ///< without gravity
  std::vector<double> cargo_celsius;  ///< by zone − 1
  std::vector<double> tire_kpa;       ///< by axle and side: 1 left, 1 right, 2 left, …
  Gnss gnss;
};

}  // namespace fleet_edge::simulators
