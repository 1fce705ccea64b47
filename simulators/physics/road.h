#pragma once

#include <cstdint>

namespace fleet_edge::simulators {

/// How rough the road is: stretches of 200 m, each with one surface. A value.
///
/// The seed makes the road, so that all vehicles of a seed feel the same stretches.
class Road {
 public:
  explicit Road(std::uint64_t seed) : seed_(seed) {}

  /// The standard deviation of the vertical acceleration at `speed_mps`, in m/s². It grows with the
  /// square root of the speed: ISO 8608's spectra, which fall with the square of the wave number,
  /// through a linear suspension.
  double Roughness(double metres, double speed_mps) const;

 private:
  std::uint64_t seed_;
};

}  // namespace fleet_edge::simulators
