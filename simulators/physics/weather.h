#pragma once

namespace fleet_edge::simulators {

/// The air and the sun over a day. A value.
struct Weather {
  double mean_celsius = 15;  ///< of the day
  double swing_celsius = 5;  ///< above and below the mean; warmest at three in the afternoon
  double sun_k = 8;  ///< how far above the air the sun warms a white wall at noon, all sides
                     ///< together: ASHRAE's sol-air, 0.026 m²K/W times about 300 W/m²

  /// In the shade; `hour` of the day, local, may exceed 24.
  double Celsius(double hour) const;

  /// Of a wall in the sun.
  double WallCelsius(double hour) const;
};

}  // namespace fleet_edge::simulators
