#pragma once

#include <cstdint>
#include <random>

#include "core/time.h"

namespace fleet_edge::simulation {

/// What a seed decides. The same seed gives the same answers on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  /// A number in [0, n). Precondition: n > 0.
  std::uint64_t Below(std::uint64_t n) { return engine_() % n; }

  /// True so often, between 0 and 1.
  bool Happens(double probability) { return Share() < probability; }

  /// A number in [0, 1).
  double Share() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }

  /// Between the two, short ones as often as long ones. Precondition: 0 < shortest <= longest.
  Duration Between(Duration shortest, Duration longest);

  template <typename T, std::size_t Size>
  const T& OneOf(const T (&choices)[Size]) {
    return choices[Below(Size)];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace fleet_edge::simulation
