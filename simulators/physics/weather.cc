#include "simulators/physics/weather.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fleet_edge::simulators {
namespace {

constexpr double kDayHours = 24;
constexpr double kWarmestHour = 15;
constexpr double kNoonHour = 12;

double Wave(double hour, double highest) {
  return std::cos(2 * std::numbers::pi * (hour - highest) / kDayHours);
}

}  // namespace

double Weather::Celsius(double hour) const {
  return mean_celsius + swing_celsius * Wave(hour, kWarmestHour);
}

double Weather::WallCelsius(double hour) const {
  return Celsius(hour) + sun_k * std::max(0.0, Wave(hour, kNoonHour));
}

}  // namespace fleet_edge::simulators
