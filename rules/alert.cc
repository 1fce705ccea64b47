#include "rules/alert.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::rules {
namespace {

/// A pending alert whose time was over this long ago while nobody looked has to begin anew: nobody
/// knows whether its condition held.
constexpr Duration kLongestUnseen = std::chrono::minutes{1};

}  // namespace

std::string_view ToString(AlertState state) {
  static constexpr std::array<std::string_view, 4> kNames{"inactive", "pending", "firing",
                                                          "resolved"};
  return kNames.at(static_cast<std::size_t>(state));
}

std::optional<Alert::Change> Alert::Step(UtcTime at, Sight sight, const AlertTiming& timing) {
  BringBack(at);
  if (memory_.state == AlertState::kFiring) return StepFiring(at, sight, timing);
  if (memory_.state == AlertState::kPending) return StepPending(at, sight.present, timing);
  if (!sight.present) return std::nullopt;
  memory_.active_since = at;
  memory_.ending_since.reset();
  if (timing.hold <= Duration{0}) return Fire(at, timing);
  memory_.state = AlertState::kPending;
  return Change{AlertState::kPending};
}

std::optional<Alert::Change> Alert::StepPending(UtcTime at, bool present,
                                                const AlertTiming& timing) {
  const bool restored = std::exchange(restored_, false);
  if (!present) {
    memory_.state = AlertState::kInactive;
    return Change{AlertState::kInactive};
  }
  const Duration active_for = at - memory_.active_since;
  if (restored && active_for >= timing.hold + kLongestUnseen) {
    memory_.active_since = at;
    return Change{AlertState::kPending};
  }
  if (active_for < timing.hold) return std::nullopt;
  return Fire(at, timing);
}

std::optional<Alert::Change> Alert::StepFiring(UtcTime at, Sight sight, const AlertTiming& timing) {
  const bool over = !sight.present && (!timing.clears || sight.cleared);
  if (!over) {
    memory_.ending_since.reset();
  } else {
    if (!memory_.ending_since) memory_.ending_since = at;
    if (at - *memory_.ending_since >= timing.keep_firing) {
      memory_.state = AlertState::kInactive;
      return Change{AlertState::kResolved, memory_.told};
    }
  }
  if (memory_.told || !CooledDown(at, timing)) return std::nullopt;
  return Fire(at, timing);
}

Alert::Change Alert::Fire(UtcTime at, const AlertTiming& timing) {
  memory_.state = AlertState::kFiring;
  memory_.told = CooledDown(at, timing);
  if (memory_.told) memory_.last_notified = at;
  return {AlertState::kFiring, memory_.told};
}

void Alert::BringBack(UtcTime at) {
  memory_.active_since = std::min(memory_.active_since, at);
  if (memory_.ending_since) memory_.ending_since = std::min(*memory_.ending_since, at);
  if (memory_.last_notified) memory_.last_notified = std::min(*memory_.last_notified, at);
}

bool Alert::CooledDown(UtcTime at, const AlertTiming& timing) const {
  return !memory_.last_notified || at - *memory_.last_notified >= timing.cooldown;
}

bool Alert::Forgettable(UtcTime at, const AlertTiming& timing) const {
  return !active() && CooledDown(at, timing);
}

bool Alert::Settled(const AlertTiming& timing) const {
  if (memory_.state == AlertState::kInactive) return true;
  const bool waits = memory_.ending_since && timing.keep_firing > Duration{0};
  return memory_.state == AlertState::kFiring && memory_.told && !waits;
}

}  // namespace fleet_edge::rules
