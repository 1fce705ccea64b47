#include "simulators/physics/powertrain.h"

#include <algorithm>
#include <cstddef>
#include <numbers>

namespace fleet_edge::simulators {
namespace {

constexpr double kGravity = 9.80665;      // m/s², standard
constexpr double kAirKgM3 = 1.2;          // at 20 °C and 1013 hPa
constexpr double kEfficiency = 0.9;       // of gears and axle, typical
constexpr double kDieselGramsPerL = 835;  // EN 590: 820 to 845
constexpr double kCrawlMps = 2;           // below, the clutch slips

}  // namespace

double Powertrain::Resistance(double speed_mps) const {
  return parameters_.mass_kg * kGravity * parameters_.rolling +
         0.5 * kAirKgM3 * parameters_.drag_m2 * speed_mps * speed_mps;
}

double Powertrain::MaxAcceleration(double speed_mps) const {
  const double force = 1000 * kEfficiency * (parameters_.power_kw - parameters_.auxiliary_kw) /
                       std::max(speed_mps, kCrawlMps);
  return (force - Resistance(speed_mps)) / parameters_.mass_kg;
}

double Powertrain::RpmIn(std::size_t gear, double speed_mps) const {
  return speed_mps / parameters_.wheel_radius_m / (2 * std::numbers::pi) * 60 *
         parameters_.axle_ratio * parameters_.gears[gear];
}

void Powertrain::Shift(double speed_mps) {
  while (gear_ + 1 < parameters_.gears.size() &&
         RpmIn(gear_, speed_mps) > parameters_.shift_up_rpm) {
    ++gear_;
  }
  while (gear_ > 0 && RpmIn(gear_, speed_mps) < parameters_.shift_down_rpm) --gear_;
}

void Powertrain::Step(double seconds, double speed_mps, double acceleration_mps2, bool running) {
  if (!running) {
    gear_ = 0;
    rpm_ = 0;
    power_kw_ = 0;
    return;
  }
  Shift(speed_mps);
  rpm_ = std::max(parameters_.idle_rpm, RpmIn(gear_, speed_mps));
  const double force = parameters_.mass_kg * acceleration_mps2 + Resistance(speed_mps);
  const double wheels_kw = speed_mps > 0 ? force * speed_mps / 1000 / kEfficiency : 0;
  power_kw_ = std::clamp(wheels_kw + parameters_.auxiliary_kw, 0.0, parameters_.power_kw);
  // Coasting in gear needs no fuel; at a stand the engine burns to idle.
  const bool overrun = wheels_kw < 0 && speed_mps > kCrawlMps;
  const double grams =
      overrun ? 0 : parameters_.idle_fuel_g_s + parameters_.fuel_g_kwh * power_kw_ / 3600;
  burnt_l_ += grams * seconds / kDieselGramsPerL;
}

double Powertrain::load_percent() const {
  const double there = parameters_.power_kw * std::min(1.0, rpm_ / parameters_.rated_rpm);
  return there > 0 ? std::min(100.0, 100 * power_kw_ / there) : 0;
}

}  // namespace fleet_edge::simulators
