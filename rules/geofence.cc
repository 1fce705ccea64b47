#include "rules/geofence.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "rules/geodesy.h"

namespace fleet_edge::rules {
namespace {

/// Where a ray to the east of `at` meets the line from `from` to `to`: on the point itself, beyond
/// it, or not at all. A line's upper end belongs to the next line.
enum class Meeting { kNone, kBeyond, kOnLine };

Meeting MeetEastward(GeoPosition at, GeoPosition from, GeoPosition to) {
  const double turn =
      (to.longitude_deg - from.longitude_deg) * (at.latitude_deg - from.latitude_deg) -
      (at.longitude_deg - from.longitude_deg) * (to.latitude_deg - from.latitude_deg);
  const auto between = [](double value, double a, double b) {
    return std::min(a, b) <= value && value <= std::max(a, b);
  };
  if (turn == 0 && between(at.latitude_deg, from.latitude_deg, to.latitude_deg) &&
      between(at.longitude_deg, from.longitude_deg, to.longitude_deg)) {
    return Meeting::kOnLine;
  }
  const bool upward = from.latitude_deg <= at.latitude_deg && at.latitude_deg < to.latitude_deg;
  const bool downward = to.latitude_deg <= at.latitude_deg && at.latitude_deg < from.latitude_deg;
  return (upward && turn > 0) || (downward && turn < 0) ? Meeting::kBeyond : Meeting::kNone;
}

/// A point of the plane around a position, in metres to the east and to the north of it.
struct PlanePoint {
  double east_m;
  double north_m;
};

/// What part of the way from `from` to `to` is nearest to the plane's origin; 0 to 1.
double NearestPart(PlanePoint from, PlanePoint to) {
  const double east_m = to.east_m - from.east_m;
  const double north_m = to.north_m - from.north_m;
  const double square = east_m * east_m + north_m * north_m;
  if (square == 0) return 0;
  return std::clamp(-(from.east_m * east_m + from.north_m * north_m) / square, 0.0, 1.0);
}

/// Which of a ring's points is nearest to a position, as the crow flies in the plane around it.
class NearestPoint {
 public:
  NearestPoint(GeoPosition position, DegreeLengths degree) : position_(position), degree_(degree) {}

  void Look(const GeoRing& ring) {
    PlanePoint from = ToPlane(ring.points.front());
    for (std::size_t i = 1; i < ring.points.size(); ++i) {
      const PlanePoint to = ToPlane(ring.points[i]);
      const double part = NearestPart(from, to);
      const double east_m = from.east_m + part * (to.east_m - from.east_m);
      const double north_m = from.north_m + part * (to.north_m - from.north_m);
      const double square = east_m * east_m + north_m * north_m;
      if (square < least_square_) {
        least_square_ = square;
        const GeoPosition a = ring.points[i - 1];
        const GeoPosition b = ring.points[i];
        nearest_ = {a.latitude_deg + part * (b.latitude_deg - a.latitude_deg),
                    a.longitude_deg + part * (b.longitude_deg - a.longitude_deg)};
      }
      from = to;
    }
  }

  double DistanceM() const { return rules::DistanceM(position_, nearest_); }

 private:
  PlanePoint ToPlane(GeoPosition point) const {
    return {(point.longitude_deg - position_.longitude_deg) * degree_.east_m,
            (point.latitude_deg - position_.latitude_deg) * degree_.north_m};
  }

  const GeoPosition position_;
  const DegreeLengths degree_;
  double least_square_ = std::numeric_limits<double>::infinity();
  GeoPosition nearest_;
};

}  // namespace

GeoPolygon::GeoPolygon(std::vector<GeoRing> rings) {
  assert(!rings.empty());
  rings_.reserve(rings.size());
  for (GeoRing& ring : rings) {
    assert(!ring.points.empty());
    const Box box = BoxOf(ring);
    rings_.push_back({std::move(ring), box});
  }
}

std::vector<GeoRing> GeoPolygon::Rings() const {
  std::vector<GeoRing> rings;
  rings.reserve(rings_.size());
  for (const Bounded& bounded : rings_) rings.push_back(bounded.ring);
  return rings;
}

bool GeoPolygon::Contains(GeoPosition position) const {
  bool inside = false;
  for (const Bounded& bounded : rings_) {
    if (!IsIn(position, bounded.box)) continue;
    const std::vector<GeoPosition>& points = bounded.ring.points;
    for (std::size_t i = 1; i < points.size(); ++i) {
      const Meeting meeting = MeetEastward(position, points[i - 1], points[i]);
      if (meeting == Meeting::kOnLine) return true;
      if (meeting == Meeting::kBeyond) inside = !inside;
    }
  }
  return inside;
}

double GeoPolygon::DistanceToLinesM(GeoPosition position, double limit_m) const {
  const DegreeLengths degree = DegreeLengths::At(position.latitude_deg);
  double least_m = limit_m;
  // A neighbour beyond the antimeridian is a turn away.
  for (const double turn_deg : {0.0, -360.0, 360.0}) {
    const GeoPosition seen{position.latitude_deg, position.longitude_deg + turn_deg};
    for (const Bounded& bounded : rings_) {
      if (LeastDistanceM(seen, bounded.box, degree) >= least_m) continue;
      NearestPoint nearest(seen, degree);
      nearest.Look(bounded.ring);
      least_m = std::min(least_m, nearest.DistanceM());
    }
  }
  return least_m;
}

GeoPolygon::Box GeoPolygon::BoxOf(const GeoRing& ring) {
  Box box{ring.points.front(), ring.points.front()};
  for (const GeoPosition& point : ring.points) {
    box.south_west.latitude_deg = std::min(box.south_west.latitude_deg, point.latitude_deg);
    box.south_west.longitude_deg = std::min(box.south_west.longitude_deg, point.longitude_deg);
    box.north_east.latitude_deg = std::max(box.north_east.latitude_deg, point.latitude_deg);
    box.north_east.longitude_deg = std::max(box.north_east.longitude_deg, point.longitude_deg);
  }
  return box;
}

bool GeoPolygon::IsIn(GeoPosition position, const Box& box) {
  return box.south_west.latitude_deg <= position.latitude_deg &&
         position.latitude_deg <= box.north_east.latitude_deg &&
         box.south_west.longitude_deg <= position.longitude_deg &&
         position.longitude_deg <= box.north_east.longitude_deg;
}

double GeoPolygon::LeastDistanceM(GeoPosition position, const Box& box, DegreeLengths degree) {
  const double north_m =
      degree.north_m * std::max({0.0, box.south_west.latitude_deg - position.latitude_deg,
                                 position.latitude_deg - box.north_east.latitude_deg});
  const double east_m =
      degree.east_m * std::max({0.0, box.south_west.longitude_deg - position.longitude_deg,
                                position.longitude_deg - box.north_east.longitude_deg});
  return std::hypot(north_m, east_m);
}

bool Geofence::Contains(GeoPosition position) const {
  return std::ranges::any_of(
             polygons, [&](const GeoPolygon& polygon) { return polygon.Contains(position); }) ||
         std::ranges::any_of(circles, [&](const GeoCircle& circle) {
           return rules::DistanceM(position, circle.centre) <= circle.radius_m;
         });
}

double Geofence::DistanceM(GeoPosition position) const {
  if (Contains(position)) return 0;
  double least_m = std::numeric_limits<double>::infinity();
  for (const GeoCircle& circle : circles) {
    least_m = std::min(least_m, rules::DistanceM(position, circle.centre) - circle.radius_m);
  }
  for (const GeoPolygon& polygon : polygons) {
    least_m = polygon.DistanceToLinesM(position, least_m);
  }
  return least_m;
}

}  // namespace fleet_edge::rules
