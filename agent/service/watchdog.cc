#include "agent/service/watchdog.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::agent {

void Watchdog::Pulse::Note(BootTime now, std::uint64_t seen) {
  if (turns == seen) return;
  turns = seen;
  at = now;
}

Watchdog::Verdict Watchdog::Look(BootTime now, const Turns& turns) {
  pipeline_.Note(now, turns.pipeline);
  uplink_.Note(now, turns.uplink);
  std::string_view culprit;
  if (now - uplink_.at > std::max(kDiskPatience, period_)) culprit = "uplink";
  if (now - pipeline_.at > std::max(kLongestTurn, period_ / 2)) culprit = "pipeline";
  const bool known = culprit == culprit_;
  culprit_ = culprit;
  if (!culprit.empty()) return known ? Verdict::kNotYet : Verdict::kHangs;
  // Only what has moved since the last sign of life, and just now, earns the next.
  if (now - pipeline_.at > kLongestTurn) return Verdict::kNotYet;
  if (alive_at_ && (pipeline_.at <= *alive_at_ || now - *alive_at_ < period_ / 4)) {
    return Verdict::kNotYet;
  }
  alive_at_ = now;
  return Verdict::kAlive;
}

Duration Watchdog::LookEvery() const {
  return std::min<Duration>(period_ / 4, std::chrono::seconds{1});
}

}  // namespace fleet_edge::agent
