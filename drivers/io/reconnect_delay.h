#pragma once

#include <algorithm>

#include "core/time.h"

namespace fleet_edge::drivers {

/// How long to wait before the next try at a source that is away: doubling from `min` to `max`,
/// each delay drawn between half of it and all of it, so that a fleet that lost its broker at once
/// does not come back at once.
///
/// One thread. Pure: randomness is an argument.
class ReconnectDelay {
 public:
  /// Precondition: 0 < min <= max.
  ReconnectDelay(Duration min, Duration max) : min_(min), max_(max), next_(min) {}

  /// `random` is uniform in [0, 1).
  Duration Next(double random) {
    const Duration full = next_;
    next_ = std::min(max_, next_ * 2);
    return full / 2 +
           Duration(static_cast<Duration::rep>(static_cast<double>(full.count()) / 2 * random));
  }

  /// The source is back: the next loss begins with `min` again.
  void Reset() { next_ = min_; }

 private:
  const Duration min_;
  const Duration max_;
  Duration next_;
};

}  // namespace fleet_edge::drivers
