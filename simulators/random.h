#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace fleet_edge::simulators {

/// Random numbers that are the same on every machine for the same seed and purpose: the standard
/// library promises that of its engines, not of its distributions.
class Random {
 public:
  /// `purpose` (a vehicle's id, a sensor) keeps streams of one seed apart.
  Random(std::uint64_t seed, std::string_view purpose);

  /// Uniform in [low, high).
  double Uniform(double low, double high);

  /// Near normal, mean 0, standard deviation 1, never beyond ±6.
  double Normal();

 private:
  std::mt19937_64 engine_;
};

}  // namespace fleet_edge::simulators
