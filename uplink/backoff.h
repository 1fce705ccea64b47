#pragma once

#include <functional>

#include "core/time.h"

namespace fleet_edge::uplink {

/// Numbers in [0, 1) from a generator that is seeded by the machine.
std::function<double()> SystemRandom();

/// How long to wait before the next try: doubles from `first` to `longest`, half of it at random,
/// so that a fleet coming out of a tunnel does not knock at once.
///
/// A part of Uplink, used on its thread.
class Backoff {
 public:
  /// `random` gives numbers in [0, 1).
  Backoff(Duration first, Duration longest, std::function<double()> random);

  /// The wait after one more failure: between half of the step and all of it.
  Duration Next();

  /// After a success the next wait is the first again.
  void Reset() { step_ = first_; }

 private:
  const Duration first_;
  const Duration longest_;
  const std::function<double()> random_;
  Duration step_;
};

}  // namespace fleet_edge::uplink
