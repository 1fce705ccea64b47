#include "rules/geodesy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fleet_edge::rules {
namespace {

constexpr double kRadiansPerDegree = std::numbers::pi / 180;
constexpr double kEquatorRadiusM = 6'378'137;
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kEccentricitySquared = kFlattening * (2 - kFlattening);
constexpr double kMeanRadiusM = kEquatorRadiusM * (1 - kFlattening / 3);

/// A direction's radius of curvature, at a latitude.
struct Radii {
  double meridian_m;
  double prime_vertical_m;

  static Radii At(double latitude_deg) {
    const double sine = std::sin(latitude_deg * kRadiansPerDegree);
    const double bulge = 1 - kEccentricitySquared * sine * sine;
    const double prime_vertical_m = kEquatorRadiusM / std::sqrt(bulge);
    return {prime_vertical_m * (1 - kEccentricitySquared) / bulge, prime_vertical_m};
  }
};

}  // namespace

DegreeLengths DegreeLengths::At(double latitude_deg) {
  const Radii radii = Radii::At(latitude_deg);
  return {radii.meridian_m * kRadiansPerDegree,
          radii.prime_vertical_m * kRadiansPerDegree * std::cos(latitude_deg * kRadiansPerDegree)};
}

double DistanceM(GeoPosition from, GeoPosition to) {
  const Radii radii = Radii::At((from.latitude_deg + to.latitude_deg) / 2);
  const double north =
      radii.meridian_m * std::sin((to.latitude_deg - from.latitude_deg) * kRadiansPerDegree / 2);
  const double east = radii.prime_vertical_m *
                      std::sin((to.longitude_deg - from.longitude_deg) * kRadiansPerDegree / 2);
  const double parallels = std::cos(from.latitude_deg * kRadiansPerDegree) *
                           std::cos(to.latitude_deg * kRadiansPerDegree);
  const double half_chord_m = std::sqrt(north * north + parallels * east * east);
  return 2 * kMeanRadiusM * std::asin(std::min(1.0, half_chord_m / kMeanRadiusM));
}

}  // namespace fleet_edge::rules
