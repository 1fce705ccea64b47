#include "rules/geofence.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

#include "rules/geodesy.h"

namespace fleet_edge::rules {
namespace {

/// Vincenty's inverse formula on WGS84: metres along the geodesic.
double VincentyM(GeoPosition from, GeoPosition to) {
  constexpr double kRadians = std::numbers::pi / 180;
  constexpr double kA = 6378137;
  constexpr double kF = 1 / 298.257223563;
  constexpr double kB = kA * (1 - kF);
  const double u1 = std::atan((1 - kF) * std::tan(from.latitude_deg * kRadians));
  const double u2 = std::atan((1 - kF) * std::tan(to.latitude_deg * kRadians));
  const double l = (to.longitude_deg - from.longitude_deg) * kRadians;
  double lambda = l;
  double sigma = 0;
  double sin_sigma = 0;
  double cos_sigma = 0;
  double cos2_alpha = 0;
  double cos_2m = 0;
  for (int i = 0; i < 100; ++i) {
    sin_sigma =
        std::hypot(std::cos(u2) * std::sin(lambda),
                   std::cos(u1) * std::sin(u2) - std::sin(u1) * std::cos(u2) * std::cos(lambda));
    if (sin_sigma == 0) return 0;
    cos_sigma = std::sin(u1) * std::sin(u2) + std::cos(u1) * std::cos(u2) * std::cos(lambda);
    sigma = std::atan2(sin_sigma, cos_sigma);
    const double sin_alpha = std::cos(u1) * std::cos(u2) * std::sin(lambda) / sin_sigma;
    cos2_alpha = 1 - sin_alpha * sin_alpha;
    cos_2m = cos2_alpha == 0 ? 0 : cos_sigma - 2 * std::sin(u1) * std::sin(u2) / cos2_alpha;
    const double c = kF / 16 * cos2_alpha * (4 + kF * (4 - 3 * cos2_alpha));
    lambda =
        l + (1 - c) * kF * sin_alpha *
                (sigma + c * sin_sigma * (cos_2m + c * cos_sigma * (-1 + 2 * cos_2m * cos_2m)));
  }
  const double u = cos2_alpha * (kA * kA - kB * kB) / (kB * kB);
  const double a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)));
  const double b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
  const double cos2_2m = cos_2m * cos_2m;
  const double delta =
      b * sin_sigma *
      (cos_2m + b / 4 *
                    (cos_sigma * (-1 + 2 * cos2_2m) -
                     b / 6 * cos_2m * (-3 + 4 * sin_sigma * sin_sigma) * (-3 + 4 * cos2_2m)));
  return kB * a * (sigma - delta);
}

/// A ring through places that are written as in GeoJSON: longitude first.
GeoRing Ring(const std::vector<std::pair<double, double>>& points) {
  GeoRing ring;
  for (const auto& [longitude, latitude] : points) ring.points.push_back({latitude, longitude});
  ring.points.push_back(ring.points.front());
  return ring;
}

GeoRing Square(double west, double south, double east, double north) {
  return Ring({{west, south}, {east, south}, {east, north}, {west, north}});
}

Geofence Of(std::vector<GeoPolygon> polygons) { return {"f", std::move(polygons), {}}; }

}  // namespace

TEST_CASE("Geodesy: distances agree with Vincenty's formula") {
  // Paris, Notre-Dame to the Eiffel tower; Berlin to Munich; across the antimeridian; a pole.
  CHECK(DistanceM({48.8584, 2.2945}, {48.8530, 2.3499}) == doctest::Approx(4109.528).epsilon(1e-6));
  CHECK(DistanceM({52.52, 13.405}, {48.137, 11.575}) == doctest::Approx(504612.742).epsilon(1e-5));
  CHECK(DistanceM({0, 179.9}, {0, -179.9}) == doctest::Approx(22263.898).epsilon(1e-6));
  CHECK(DistanceM({90, 0}, {90, 135}) == doctest::Approx(0));
  CHECK(DistanceM({50, 10}, {50, 10}) == 0);
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> latitude(-75, 75);
  std::uniform_real_distribution<double> step(-4, 4);
  for (int i = 0; i < 1000; ++i) {
    const GeoPosition from{latitude(random), 20};
    const GeoPosition to{from.latitude_deg + step(random), 20 + step(random)};
    CHECK(DistanceM(from, to) == doctest::Approx(VincentyM(from, to)).epsilon(1e-4));
  }
}

TEST_CASE("Geofence: a hole is outside, its line and the outer one are inside") {
  const Geofence fence = Of({GeoPolygon({Square(10, 50, 11, 51), Square(10.4, 50.4, 10.6, 50.6)})});
  CHECK(fence.Contains({50.2, 10.2}));
  CHECK_FALSE(fence.Contains({50.5, 10.5}));
  CHECK_FALSE(fence.Contains({50.5, 9.9}));
  CHECK_FALSE(fence.Contains({51.001, 10.5}));
  for (const GeoPosition on_line : {GeoPosition{50, 10}, GeoPosition{51, 11}, GeoPosition{50.5, 11},
                                    GeoPosition{50, 10.5}, GeoPosition{50.4, 10.5}}) {
    CHECK(fence.Contains(on_line));
    CHECK(fence.DistanceM(on_line) == 0);
  }
}

TEST_CASE("Geofence: the distance is to the nearest line, 0 inside") {
  const Geofence fence = Of({GeoPolygon({Square(10, 50, 11, 51), Square(10.4, 50.4, 10.6, 50.6)})});
  CHECK(fence.DistanceM({50.2, 10.2}) == 0);
  CHECK(fence.DistanceM({50.5, 9.9}) ==
        doctest::Approx(VincentyM({50.5, 9.9}, {50.5, 10})).epsilon(1e-5));
  CHECK(fence.DistanceM({49.5, 10.3}) ==
        doctest::Approx(VincentyM({49.5, 10.3}, {50, 10.3})).epsilon(1e-5));
  CHECK(fence.DistanceM({51.1, 11.1}) ==
        doctest::Approx(VincentyM({51.1, 11.1}, {51, 11})).epsilon(1e-5));
  // In the hole: to the hole's line.
  CHECK(fence.DistanceM({50.5, 10.41}) ==
        doctest::Approx(VincentyM({50.5, 10.41}, {50.5, 10.4})).epsilon(1e-5));
}

TEST_CASE("Geofence: lines are straight in longitude and latitude, as maps draw them") {
  // The shortest way from 10°E to 11°E at 51°N bows north by 120 m.
  const Geofence fence = Of({GeoPolygon({Square(10, 50, 11, 51)})});
  CHECK_FALSE(fence.Contains({51.0005, 10.5}));
  CHECK(fence.DistanceM({51.0005, 10.5}) ==
        doctest::Approx(VincentyM({51.0005, 10.5}, {51, 10.5})).epsilon(1e-5));
}

TEST_CASE("Geofence: a concave outline with a vertex at the height of the position") {
  const Geofence fence = Of({GeoPolygon({Ring({{0, 0}, {2, 2}, {4, 0}, {4, 4}, {0, 4}})})});
  CHECK(fence.Contains({2, 1}));
  CHECK(fence.Contains({2, 3}));
  CHECK(fence.Contains({2, 2}));
  CHECK_FALSE(fence.Contains({2, -1}));
  CHECK_FALSE(fence.Contains({2, 5}));
  CHECK_FALSE(fence.Contains({1, 2}));
  CHECK_FALSE(fence.Contains({0, 2}));
}

TEST_CASE("Geofence: several parts are one place") {
  Geofence fence = Of({GeoPolygon({Square(10, 50, 11, 51), Square(10.4, 50.4, 10.6, 50.6)}),
                       GeoPolygon({Square(10.45, 50.45, 10.55, 50.55)})});
  fence.circles.push_back({{48, 9}, 500});
  CHECK(fence.Contains({50.5, 10.5}));
  CHECK_FALSE(fence.Contains({50.42, 10.5}));
  CHECK(fence.Contains({48.004, 9}));
  CHECK_FALSE(fence.Contains({48.005, 9}));
  CHECK(fence.DistanceM({48.01, 9}) ==
        doctest::Approx(VincentyM({48.01, 9}, {48, 9}) - 500).epsilon(1e-5));
}

TEST_CASE("Geofence: the antimeridian is no border") {
  // An area around it, cut in two as RFC 7946 § 3.1.9 says.
  Geofence fence =
      Of({GeoPolygon({Square(179, -1, 180, 1)}), GeoPolygon({Square(-180, -1, -179, 1)})});
  CHECK(fence.Contains({0, 179.5}));
  CHECK(fence.Contains({0, -179.5}));
  CHECK(fence.Contains({0, 180}));
  CHECK(fence.Contains({0, -180}));
  CHECK(fence.DistanceM({0, -178.9}) ==
        doctest::Approx(VincentyM({0, -178.9}, {0, -179})).epsilon(1e-5));
  fence = Of({GeoPolygon({Square(179, -1, 179.99, 1)})});
  CHECK(fence.DistanceM({0, -179.99}) ==
        doctest::Approx(VincentyM({0, -179.99}, {0, 179.99})).epsilon(1e-5));
  fence = {"f", {}, {{{0, 179.999}, 1000}}};
  CHECK(fence.Contains({0, -179.999}));
}

TEST_CASE("Geofence: at the poles nothing breaks") {
  const Geofence cap = Of({GeoPolygon({Square(-180, 80, 180, 90)})});
  CHECK(cap.Contains({90, 0}));
  CHECK(cap.Contains({85, -170}));
  CHECK(cap.DistanceM({79, 5}) == doctest::Approx(VincentyM({79, 5}, {80, 5})).epsilon(1e-4));
  const Geofence far = Of({GeoPolygon({Square(10, 50, 11, 51)})});
  CHECK(std::isfinite(far.DistanceM({90, 0})));
  CHECK(std::isfinite(far.DistanceM({-90, 180})));
}

TEST_CASE("Geofence: distances agree with the nearest of many points of the outline") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> away(-0.4, 0.4);
  for (int i = 0; i < 40; ++i) {
    const double latitude = -60 + 3 * i;
    std::vector<std::pair<double, double>> corners;
    for (int corner = 0; corner < 7; ++corner) {
      const double radius = 0.05 + std::abs(away(random)) / 4;
      const double angle = corner * 2 * std::numbers::pi / 7;
      corners.emplace_back(20 + radius * std::cos(angle), latitude + radius * std::sin(angle));
    }
    const GeoRing ring = Ring(corners);
    const Geofence fence = Of({GeoPolygon({ring})});
    const GeoPosition position{latitude + away(random), 20 + away(random)};
    if (fence.Contains(position)) continue;
    double least_m = std::numeric_limits<double>::infinity();
    for (std::size_t edge = 1; edge < ring.points.size(); ++edge) {
      const GeoPosition a = ring.points[edge - 1];
      const GeoPosition b = ring.points[edge];
      for (int step = 0; step <= 256; ++step) {
        const double part = step / 256.0;
        const GeoPosition point{a.latitude_deg + part * (b.latitude_deg - a.latitude_deg),
                                a.longitude_deg + part * (b.longitude_deg - a.longitude_deg)};
        least_m = std::min(least_m, VincentyM(position, point));
      }
    }
    CHECK(fence.DistanceM(position) == doctest::Approx(least_m).epsilon(2e-3));
    CHECK(fence.DistanceM(position) <= least_m * 1.0005);
  }
}

}  // namespace fleet_edge::rules
