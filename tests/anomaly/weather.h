#pragma once

#include "tests/anomaly/random.h"

namespace fleet_edge::anomaly {

/// What surrounds the tanker: the day's course, a drift of hours, sun between clouds.
class Weather {
 public:
  explicit Weather(Random& random);

  void Step(Random& random);

  double celsius() const { return celsius_; }

  /// What the sun adds to a surface, as a share of full noon.
  double sun() const { return warmed_; }

 private:
  double clock_s_;
  const double mean_;
  const double swing_;
  double drift_ = 0;
  bool clear_ = false;
  double warmed_ = 0;
  double celsius_;
};

}  // namespace fleet_edge::anomaly
