#include "simulators/physics/cooling.h"

#include <algorithm>
#include <cmath>

namespace fleet_edge::simulators {
namespace {

// What a closed thermostat lets through: its vent. Chosen.
constexpr double kLeak = 0.03;
// Forced convection across tubes goes with about this power of the air's speed (Hilpert).
constexpr double kWindPower = 0.8;
// Water and glycol under a cap of 1.1 bar boil about here; the cap then lets steam out, which takes
// whatever more comes in.
constexpr double kBoilsCelsius = 125;

}  // namespace

double Cooling::Flow(bool running, Faults faults) const {
  if (!running || faults.pump) return 0;
  if (faults.thermostat) return kLeak;
  return std::clamp((celsius_ - parameters_.opens_celsius) /
                        (parameters_.open_celsius - parameters_.opens_celsius),
                    kLeak, 1.0);
}

void Cooling::Step(double seconds, bool running, double power_kw, double speed_mps, double ambient,
                   Faults faults) {
  if (celsius_ > parameters_.fan_on_celsius) fan_ = true;
  if (celsius_ < parameters_.fan_off_celsius) fan_ = false;
  const double air = parameters_.still_kw_k +
                     parameters_.wind_kw_k * std::pow(speed_mps, kWindPower) +
                     (fan_ && running && !faults.fan ? parameters_.fan_kw_k : 0);
  const double lost_kw =
      (Flow(running, faults) * air + parameters_.block_kw_k) * (celsius_ - ambient);
  const double heat_kw =
      running ? parameters_.idle_heat_kw + parameters_.heat_per_kw * power_kw : 0;
  celsius_ += (heat_kw - lost_kw) * seconds / parameters_.capacity_kj_k;
  celsius_ = std::min(celsius_, kBoilsCelsius);
}

}  // namespace fleet_edge::simulators
