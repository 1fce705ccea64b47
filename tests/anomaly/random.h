#pragma once

#include <cstdint>
#include <random>

namespace fleet_edge::anomaly {

/// Random numbers that are the same with every standard library: the engine's bits, and sums of
/// them.
class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}

  /// In [0, 1).
  double Share() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }

  double Between(double from, double to) { return from + (to - from) * Share(); }

  bool Chance(double probability) { return Share() < probability; }

  /// Normal to within a hundredth up to 4 sigmas: a sum of twelve.
  double Normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += Share();
    return sum;
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace fleet_edge::anomaly
