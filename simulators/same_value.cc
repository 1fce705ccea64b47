#include "simulators/same_value.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/signal.h"

namespace fleet_edge::simulators {

bool SameValue(const std::string& signal, double sent, double delivered) {
  double forced = 0;
  if (const Signal* const catalogued = FindSignal(signal)) {
    const double power = std::pow(10, catalogued->decimals);
    forced = std::abs(std::round(sent * power) / power - sent);
  }
  constexpr double kRounding = 1e-12;  // of the division by a power of ten, on both sides
  return std::abs(delivered - sent) <= forced + kRounding * std::max(1.0, std::abs(sent));
}

}  // namespace fleet_edge::simulators
