#include "tests/anomaly/container.h"

#include <algorithm>

#include "tests/anomaly/fault.h"
#include "tests/anomaly/random.h"
#include "tests/anomaly/weather.h"

namespace fleet_edge::anomaly {
namespace {

constexpr double kMinuteS = 60;
constexpr double kHourS = 3'600;
constexpr double kSunOnBoxK = 6;
constexpr double kSunOnTankK = 10;

/// What is left of the cooling: it fades within 5 to 15 minutes.
double CoolingLeft(const Fault& fault, double now_s) {
  if (!fault.Is(FaultKind::kCooler, now_s)) return 1;
  const double fades_s = (15 - 10 * fault.severity) * kMinuteS;
  return 1 - std::min((now_s - fault.begins_s) / fades_s, 1.0);
}

}  // namespace

Container::Container(Random& random, double ambient)
    : cooled_(random.Chance(0.6)),
      setting_(random.Chance(0.3) ? -18 : random.Between(2, 8)),
      band_(random.Between(0.4, 0.9)),
      leak_time_s_(random.Between(100, 300) * kMinuteS),
      load_time_s_(random.Between(40, 90) * kMinuteS),
      power_k_per_s_(random.Between(0.4, 0.9) / kMinuteS),
      load_celsius_(cooled_ ? setting_ : ambient),
      celsius_(load_celsius_) {}

void Container::Step(const Weather& weather, const Fault& fault, double now_s) {
  double change = cooled_ ? ChangeOfCooled(weather, fault, now_s) : ChangeOfBare(weather);
  // 3 °C within 30 s at its mildest.
  if (fault.Is(FaultKind::kFire, now_s)) change += 0.1 + 0.1 * fault.severity;
  celsius_ += change;
}

double Container::ChangeOfCooled(const Weather& weather, const Fault& fault, double now_s) {
  if (celsius_ > setting_ + band_) unit_on_ = true;
  if (celsius_ < setting_ - band_) unit_on_ = false;
  double change = (load_celsius_ - celsius_) / load_time_s_ +
                  (weather.celsius() + kSunOnBoxK * weather.sun() - celsius_) / leak_time_s_;
  if (unit_on_) change -= power_k_per_s_ * CoolingLeft(fault, now_s);
  if (fault.Is(FaultKind::kDoor, now_s)) {
    change += (weather.celsius() - celsius_) / (120 - 60 * fault.severity);
  }
  load_celsius_ += (celsius_ - load_celsius_) / (8 * kHourS);
  return change;
}

double Container::ChangeOfBare(const Weather& weather) {
  load_celsius_ += (weather.celsius() + kSunOnBoxK * weather.sun() - load_celsius_) / (15 * kHourS);
  const double wall = weather.celsius() + kSunOnTankK * weather.sun();
  return (0.9 * load_celsius_ + 0.1 * wall - celsius_) / (8 * kMinuteS);
}

}  // namespace fleet_edge::anomaly
