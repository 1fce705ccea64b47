#include "drivers/mqtt/receive_pace.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

// Messages further apart are none of a stream.
constexpr std::chrono::milliseconds kApart{50};
// What is taken so soon after a rest had come during it.
constexpr std::chrono::milliseconds kWaiting{2};
// So many may come during a rest, well below what brokers send at most.
constexpr int kAtOnce = 12;
// A shorter rest saves nothing.
constexpr std::chrono::milliseconds kLeast{5};
// How long the pace is measured.
constexpr std::chrono::milliseconds kMeasured{100};

Duration RestAt(Duration period) {
  const Duration rest = std::min<Duration>(kAtOnce * period, ReceivePace::kMost);
  return rest < kLeast ? Duration{} : rest;
}

}  // namespace

Duration ReceivePace::RestAfterMessage(BootTime now) {
  ++taken_;
  if (now - since_ >= kMeasured) {
    rest_ = RestAt((now - std::exchange(since_, now)) / std::exchange(taken_, 0));
  }
  const bool alone = now - std::exchange(last_, now) > kApart;
  const bool waited = now - awake_ <= kWaiting;
  if (alone || waited) return {};
  awake_ = now + rest_;
  return rest_;
}

}  // namespace fleet_edge::drivers
