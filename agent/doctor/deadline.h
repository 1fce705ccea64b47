#pragma once

#include <algorithm>
#include <chrono>

#include "core/time.h"

namespace fleet_edge::agent::doctor {

/// When the whole examination has to be over. A value.
class Deadline {
 public:
  explicit Deadline(Duration from_now) : end_(std::chrono::steady_clock::now() + from_now) {}

  bool over() const { return left() == Duration{0}; }

  /// What is left, not less than nothing.
  Duration left() const {
    const auto left = std::chrono::floor<Duration>(end_ - std::chrono::steady_clock::now());
    return std::max(left, Duration{0});
  }

  /// `wish`, or what is left where that is less.
  Duration AtMost(Duration wish) const { return std::min(wish, left()); }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace fleet_edge::agent::doctor
