#pragma once

namespace fleet_edge::rules {

/// A place on the ground by WGS84. A value.
struct GeoPosition {
  double latitude_deg = 0;   ///< −90 to 90
  double longitude_deg = 0;  ///< −180 to 180; a whole turn more or less is the same place

  friend bool operator==(const GeoPosition&, const GeoPosition&) = default;
};

/// How long a degree is on the ground at a latitude. A value.
struct DegreeLengths {
  double north_m;  ///< of latitude
  double east_m;   ///< of longitude; 0 at the poles

  /// From WGS84's radii of curvature in the meridian and in the prime vertical (NIMA TR8350.2).
  static DegreeLengths At(double latitude_deg);
};

/// Metres on the ground from one place to another, whichever way round the globe is shorter.
///
/// The haversine formula with each direction's radius of curvature at the latitude between the two:
/// within 0.01 % of the geodesic on WGS84 up to 1,000 km, within 0.2 % up to 5,000 km, and for
/// places on opposite sides of the globe within 6 %.
double DistanceM(GeoPosition from, GeoPosition to);

}  // namespace fleet_edge::rules
