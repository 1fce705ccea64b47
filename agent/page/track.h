#pragma once

#include <cstddef>
#include <vector>

#include "core/time.h"
#include "rules/geodesy.h"

namespace fleet_edge::agent {

/// Where the vehicle has been, as a line of at most kPoints: when they are used up every second one
/// goes, and the others stand twice as far apart from then on. A value.
class Track {
 public:
  struct Point {
    UtcTime time;
    rules::GeoPosition position;
  };

  static constexpr std::size_t kPoints = 600;
  static constexpr double kSpacingM = 10;  ///< at first: what a receiver strays at rest

  /// Left out: what is nearer to the last point than the spacing.
  void Add(const Point& point);

  const std::vector<Point>& points() const { return points_; }

 private:
  std::vector<Point> points_;
  double spacing_m_ = kSpacingM;
};

}  // namespace fleet_edge::agent
