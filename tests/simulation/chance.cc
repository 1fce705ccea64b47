#include "tests/simulation/chance.h"

#include <cmath>

#include "core/time.h"

namespace fleet_edge::simulation {

Duration Chance::Between(Duration shortest, Duration longest) {
  const auto low = static_cast<double>(shortest.count());
  const auto high = static_cast<double>(longest.count());
  return Duration{static_cast<Duration::rep>(low * std::pow(high / low, Share()))};
}

}  // namespace fleet_edge::simulation
