#include "uplink/backoff.h"

#include <algorithm>
#include <functional>
#include <random>
#include <utility>

#include "core/time.h"

namespace fleet_edge::uplink {

std::function<double()> SystemRandom() {
  return [generator = std::minstd_rand(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>{}(generator);
  };
}

Backoff::Backoff(Duration first, Duration longest, std::function<double()> random)
    : first_(first), longest_(longest), random_(std::move(random)), step_(first) {}

Duration Backoff::Next() {
  const auto half = static_cast<double>(step_.count()) / 2;
  const Duration wait{static_cast<Duration::rep>(half + half * random_())};
  step_ = std::min(step_ * 2, longest_);
  return wait;
}

}  // namespace fleet_edge::uplink
