#pragma once

#include "tests/anomaly/fault.h"
#include "tests/anomaly/random.h"
#include "tests/anomaly/trip.h"

namespace fleet_edge::anomaly {

/// An engine's cooling circuit: one mass that the load heats, a thermostat of its own setting, a
/// radiator, a fan that switches in.
class Coolant {
 public:
  Coolant(Random& random, double ambient);

  void Step(const Trip& trip, double ambient, const Fault& fault, double now_s);

  double celsius() const { return celsius_; }

 private:
  const double opens_at_;
  const double fan_at_;
  double celsius_;
  double opened_ = 0;  // of the thermostat, 0 to 1
  bool fan_on_ = false;
  double fan_ = 0;  // its speed, 0 to 1
};

}  // namespace fleet_edge::anomaly
