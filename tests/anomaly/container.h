#pragma once

#include "tests/anomaly/fault.h"
#include "tests/anomaly/random.h"
#include "tests/anomaly/weather.h"

namespace fleet_edge::anomaly {

/// What the container's sensor is in: the air of a cooled box, whose unit switches between two
/// temperatures, or the vapour above a bare tank's liquid.
class Container {
 public:
  Container(Random& random, double ambient);

  void Step(const Weather& weather, const Fault& fault, double now_s);

  bool cooled() const { return cooled_; }
  double celsius() const { return celsius_; }

 private:
  double ChangeOfCooled(const Weather& weather, const Fault& fault, double now_s);
  double ChangeOfBare(const Weather& weather);

  const bool cooled_;
  const double setting_;
  const double band_;         // the unit switches this far from its setting
  const double leak_time_s_;  // through the walls
  const double load_time_s_;  // between air and load
  const double power_k_per_s_;
  bool unit_on_ = false;
  double load_celsius_;
  double celsius_;
};

}  // namespace fleet_edge::anomaly
