#pragma once

#include <string_view>
#include <vector>

namespace fleet_edge::simulators {

/// A recorded course of speed, repeated without end. A value.
class DriveCycle {
 public:
  /// From a CSV whose `column` has the speed in m/s, a row a second.
  /// Throws std::invalid_argument when it is none.
  explicit DriveCycle(std::string_view csv, std::string_view column = "cycMps");

  /// Between the rows in a straight line. Precondition: seconds ≥ 0.
  double SpeedMps(double seconds) const;

  double seconds() const { return static_cast<double>(speeds_mps_.size()); }

 private:
  std::vector<double> speeds_mps_;  // by second
};

}  // namespace fleet_edge::simulators
