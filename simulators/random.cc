#include "simulators/random.h"

#include <cstdint>
#include <string_view>

namespace fleet_edge::simulators {
namespace {

/// FNV-1a: std::hash may differ between libraries.
std::uint64_t Hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view purpose) : engine_(Hash(purpose, seed)) {}

double Random::Uniform(double low, double high) {
  constexpr double kUnit = 0x1p-53;
  return low + (high - low) * static_cast<double>(engine_() >> 11) * kUnit;
}

double Random::Normal() {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += Uniform(0, 1);
  return sum;
}

}  // namespace fleet_edge::simulators
