#pragma once

#include <vector>

#include "core/counters.h"

namespace fleet_edge::agent {

/// Tells what counters have grown by. One thread.
class CounterGrowth {
 public:
  /// The counters of `now` that are greater than at the call before, each with what it grew by; at
  /// the first call those that are not 0. `now` as of Counters::Snapshot().
  std::vector<Counters::Sample> Since(std::vector<Counters::Sample> now);

 private:
  std::vector<Counters::Sample> before_;
};

}  // namespace fleet_edge::agent
