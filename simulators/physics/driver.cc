#include "simulators/physics/driver.h"

#include <algorithm>
#include <cmath>

namespace fleet_edge::simulators {
namespace {

// Chosen: how far above the speed wanted a driver twice as aggressive lets the vehicle roll on.
constexpr double kLateMps = 6;
// Chosen: the share of the comfortable braking that a driver means to need before a bend.
constexpr double kForesight = 0.7;
// A bend straighter than this slows nobody down.
constexpr double kStraight = 1e-4;

}  // namespace

double Driver::BendMps(double curvature, double metres) const {
  const double bend = std::max(std::abs(curvature), kStraight);
  // v² = a r in the bend, and v² + 2 b s before it.
  const double squared =
      comfort_.corner / bend + 2 * kForesight * comfort_.brake * std::max(metres, 0.0);
  return std::sqrt(habits_.aggressiveness * squared);
}

double Driver::Acceleration(double speed_mps, double aim_mps, double seconds) {
  const double wanted = (aim_mps - speed_mps) / seconds;
  if (wanted >= 0) {
    braking_ = false;
    return std::min(wanted, comfort_.accelerate * habits_.aggressiveness);
  }
  if (habits_.aggressiveness <= 1) {
    return std::max(wanted, -comfort_.brake * habits_.aggressiveness);
  }
  braking_ = braking_ || speed_mps - aim_mps > kLateMps * (habits_.aggressiveness - 1);
  return braking_ ? std::max(wanted, -comfort_.brake * habits_.aggressiveness) : 0;
}

}  // namespace fleet_edge::simulators
