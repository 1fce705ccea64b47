#include "simulators/physics/electrics.h"

#include <algorithm>

namespace fleet_edge::simulators {
namespace {

// Of the capacity in an hour, while the alternator runs: a lead battery takes no more. Typical.
constexpr double kChargePerHour = 0.1;

}  // namespace

double Electrics::Rest() const {
  return parameters_.empty_volts + charge_ * (parameters_.full_volts - parameters_.empty_volts);
}

double Electrics::Current(Phase phase) const {
  switch (phase) {
    case Phase::kParked:
      return parameters_.parked_a;
    case Phase::kCranking:
      return parameters_.cranking_a;
    case Phase::kRunning:
      return parameters_.load_a;
  }
  return 0;
}

void Electrics::Step(double seconds, Phase phase, bool alternator_failed) {
  if (phase == Phase::kRunning && !alternator_failed) {
    charge_ = std::min(1.0, charge_ + kChargePerHour * seconds / 3600);
    volts_ = parameters_.alternator_volts;
    return;
  }
  const double amperes = Current(phase);
  charge_ = std::max(0.0, charge_ - amperes * seconds / 3600 / parameters_.capacity_ah);
  volts_ = Rest() - amperes * parameters_.resistance_ohm;
}

}  // namespace fleet_edge::simulators
