#include "simulators/physics/road.h"

#include <cmath>
#include <cstdint>

namespace fleet_edge::simulators {
namespace {

constexpr double kStretchM = 200;
constexpr double kReferenceMps = 20;
// m/s² at the reference speed. Asphalt: what a recorded drive shows at most (0.38 at 60 km/h and
// more); worn is chosen as twice that. Neither keeps three windows of ten seconds rough.
constexpr double kGood = 0.25;
constexpr double kWorn = 0.6;
constexpr std::uint64_t kWornOneIn = 8;

/// SplitMix64 (Steele, Lea, Flood 2014): a fixed number for each stretch, without a table.
std::uint64_t Mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

}  // namespace

double Road::Roughness(double metres, double speed_mps) const {
  const auto stretch = static_cast<std::uint64_t>(metres / kStretchM);
  const double surface = Mix(seed_ ^ Mix(stretch)) % kWornOneIn == 0 ? kWorn : kGood;
  return surface * std::sqrt(speed_mps / kReferenceMps);
}

}  // namespace fleet_edge::simulators
