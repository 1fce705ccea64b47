#pragma once

#include <string_view>
#include <vector>

namespace fleet_edge::simulators {

/// A recorded way on the ground, driven there and back without end. A value.
class Track {
 public:
  struct Place {
    double latitude_deg;
    double longitude_deg;
    double heading_deg;  ///< in [0, 360)
  };

  /// From a CSV with the columns latitude_deg and longitude_deg, a row a second. Rows that stand
  /// still are left out. Throws std::invalid_argument when fewer than two are left.
  explicit Track(std::string_view csv);

  /// The place `metres` from the track's start. Precondition: metres ≥ 0.
  Place At(double metres) const;

  /// 1/m, positive where the way bends to the left; the turning at both ends is such a bend.
  double CurvatureAt(double metres) const;

  double metres() const { return points_.back().metres; }

 private:
  struct Point {
    double latitude_deg;
    double longitude_deg;
    double metres;  ///< from the start
  };

  void Survey();

  std::vector<Point> points_;
  std::vector<double> curvatures_;  // every kSurveyMetres of the way there
};

}  // namespace fleet_edge::simulators
