#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "drivers/can/can_signal.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {

/// Counts what a bus's reader refuses. A bus floods: each counter is looked up once.
///
/// One thread.
class CanRefusals {
 public:
  /// Borrows `rejections`, and the texts of what it counts: both outlive it.
  explicit CanRefusals(const Rejections& rejections) : rejections_(rejections) {}

  void Count(const CanRefusal& refusal) {
    const auto same = [&](const Kind& kind) {
      return kind.reason == refusal.reason && kind.signal == refusal.signal;
    };
    const auto kind = std::ranges::find_if(kinds_, same);
    if (kind != kinds_.end()) return kind->counter.Add();
    Counter& counter = rejections_.Get(refusal.reason, refusal.signal);
    kinds_.push_back({refusal.reason, refusal.signal, counter});
    counter.Add();
  }

 private:
  struct Kind {
    std::string_view reason;
    std::string_view signal;
    Counter& counter;
  };

  const Rejections& rejections_;
  std::vector<Kind> kinds_;  // as many as the reader has signals and reasons
};

}  // namespace fleet_edge::drivers
