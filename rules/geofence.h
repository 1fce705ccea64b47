#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/geodesy.h"

namespace fleet_edge::rules {

/// A closed line: its last point is its first. Between two points it is straight in longitude and
/// latitude (RFC 7946 § 3.1.1), as maps draw it; it is not the shortest way over the globe.
struct GeoRing {
  std::vector<GeoPosition> points;  ///< four at least
};

/// An area with holes; its lines belong to it. What lies in an even number of rings is outside.
class GeoPolygon {
 public:
  /// Precondition: one ring at least, the outer one first.
  explicit GeoPolygon(std::vector<GeoRing> rings);

  bool Contains(GeoPosition position) const;

  /// The outer ring, then the holes.
  std::vector<GeoRing> Rings() const;

  /// Metres to the nearest line, or `limit_m` when no line is nearer than that.
  double DistanceToLinesM(GeoPosition position, double limit_m) const;

 private:
  struct Box {
    GeoPosition south_west;
    GeoPosition north_east;
  };

  struct Bounded {
    GeoRing ring;
    Box box;
  };

  static Box BoxOf(const GeoRing& ring);
  static bool IsIn(GeoPosition position, const Box& box);
  static double LeastDistanceM(GeoPosition position, const Box& box, DegreeLengths degree);

  std::vector<Bounded> rings_;
};

/// What lies within a distance of a place.
struct GeoCircle {
  GeoPosition centre;
  double radius_m;
};

/// A place with a name: whatever lies in any of its parts is in it. A value.
struct Geofence {
  std::string file;  ///< the first that has a part of it
  std::vector<GeoPolygon> polygons;
  std::vector<GeoCircle> circles;

  bool Contains(GeoPosition position) const;

  /// Metres to its boundary; 0 inside. DistanceM() to the nearest point of it, which is looked for
  /// in a plane around `position`: beyond some hundred kilometres a nearer one may be missed.
  double DistanceM(GeoPosition position) const;
};

/// All geofences of a set of rule files, by name.
using Geofences = std::map<std::string, Geofence, std::less<>>;

}  // namespace fleet_edge::rules
