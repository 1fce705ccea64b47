#pragma once

namespace fleet_edge::simulators {

/// What is due every so often. A value.
class Schedule {
 public:
  /// Precondition: period_s > 0.
  explicit Schedule(double period_s) : period_s_(period_s) {}

  /// True once a period. What a stall has missed is not made up for.
  bool Due(double seconds) {
    if (seconds < next_s_) return false;
    next_s_ += period_s_;
    if (next_s_ <= seconds) next_s_ = seconds + period_s_;
    return true;
  }

 private:
  double period_s_;
  double next_s_ = 0;
};

}  // namespace fleet_edge::simulators
