#include "tests/anomaly/coolant.h"

#include <algorithm>

#include "tests/anomaly/fault.h"
#include "tests/anomaly/random.h"
#include "tests/anomaly/trip.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kMassKjPerK = 260;
constexpr double kIdleKw = 12;
constexpr double kFullKw = 88;
constexpr double kOpensK = 12;  // from shut to open
constexpr double kThermostatTimeS = 25;
constexpr double kFanTimeS = 8;
constexpr double kFanBandK = 4;
constexpr double kFaultTimeS = 60;

/// What is left of the radiator: a lost belt, a burst hose.
double RadiatorLeft(const Fault& fault, double now_s) {
  if (!fault.Is(FaultKind::kOverheat, now_s)) return 1;
  const double left = 0.12 - 0.1 * fault.severity;
  return 1 - (1 - left) * std::min((now_s - fault.begins_s) / kFaultTimeS, 1.0);
}

}  // namespace

Coolant::Coolant(Random& random, double ambient)
    : opens_at_(random.Between(78, 86)),
      fan_at_(opens_at_ + random.Between(11, 15)),
      celsius_(ambient) {}

void Coolant::Step(const Trip& trip, double ambient, const Fault& fault, double now_s) {
  const bool on = trip.engine_on();
  opened_ += (std::clamp((celsius_ - opens_at_) / kOpensK, 0.0, 1.0) - opened_) / kThermostatTimeS;
  if (celsius_ > fan_at_) fan_on_ = true;
  if (celsius_ < fan_at_ - kFanBandK) fan_on_ = false;
  fan_ += ((on && fan_on_ ? 1 : 0) - fan_) / kFanTimeS;
  const double heat_kw = on ? kIdleKw + kFullKw * trip.load() : 0;
  const double radiator = opened_ * (0.5 + trip.headwind() + 1.6 * fan_);
  const double loss_kw_per_k = on ? 0.02 + radiator * RadiatorLeft(fault, now_s) : 0.03;
  celsius_ += (heat_kw - loss_kw_per_k * (celsius_ - ambient)) / kMassKjPerK;
}

}  // namespace fleet_edge::anomaly
