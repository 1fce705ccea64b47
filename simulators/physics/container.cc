#include "simulators/physics/container.h"

#include <algorithm>
#include <cmath>

namespace fleet_edge::simulators {
namespace {

constexpr double kGravity = 9.80665;  // m/s²
constexpr double kAirKjKgK = 1.005;   // specific heat at constant pressure
constexpr double kKelvin = 273.15;

// Of the exchange between air and product, when the cooler's fan doesn't move the air. Chosen: free
// convection is about as much weaker.
constexpr double kStillAir = 0.35;

/// kg/m³ at 1013 hPa: p / (R T), R = 287.05 J/kgK.
double Density(double celsius) { return 101'325 / (287.05 * (celsius + kKelvin)); }

}  // namespace

/// Gosney and Olama's infiltration through an open door, as the ASHRAE Handbook, Refrigeration,
/// chapter "Refrigerated-Facility Loads" has it; without the moisture's share.
double Container::DoorKw(double outside) const {
  const double cold = Density(std::min(outside, air_celsius_));
  const double warm = Density(std::max(outside, air_celsius_));
  const double factor = std::pow(2 / (1 + std::cbrt(cold / warm)), 1.5);
  const double kg_s = 0.221 * parameters_.door_area_m2 * cold * std::sqrt(1 - warm / cold) *
                      std::sqrt(kGravity * parameters_.door_height_m) * factor;
  return kg_s * kAirKjKgK * (outside - air_celsius_);
}

void Container::Step(double seconds, double outside, double wall, Troubles troubles) {
  if (air_celsius_ > parameters_.setpoint_celsius + parameters_.band_celsius) cooling_ = true;
  if (air_celsius_ < parameters_.setpoint_celsius - parameters_.band_celsius) cooling_ = false;

  const double exchange = parameters_.product_kw_k * (troubles.cooler_failed ? kStillAir : 1);
  const double to_product_kw = exchange * (air_celsius_ - product_celsius_);
  double air_kw = parameters_.wall_kw_k * (wall - air_celsius_) - to_product_kw + troubles.fire_kw;
  if (cooling_ && !troubles.cooler_failed) air_kw -= parameters_.cooler_kw;
  if (troubles.door_open) air_kw += DoorKw(outside);

  product_celsius_ += to_product_kw * seconds / parameters_.product_kj_k;
  air_celsius_ += air_kw * seconds / parameters_.air_kj_k;
}

}  // namespace fleet_edge::simulators
