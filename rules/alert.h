#pragma once

#include <optional>

#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::rules {

/// How an alert rule moves its alerts from state to state.
struct AlertTiming {
  Duration hold{};         ///< `for`
  Duration keep_firing{};  ///< `keep_firing_for`
  Duration cooldown{};
  bool clears = false;  ///< the rule has a `clear` expression
};

/// The life of one alert: one rule, one label set. A value, driven by the instants of its group
/// alone.
///
/// inactive → pending (for) → firing → resolved, which is inactive again; a pending one whose
/// condition ends becomes inactive.
class Alert {
 public:
  /// What the rule's expressions say at an instant.
  struct Sight {
    bool present = false;  ///< the condition yields the alert's element
    bool cleared = false;  ///< `clear` yields it
  };

  struct Change {
    AlertState state;
    bool cooled_down = true;
  };

  /// All that a restart must not forget.
  struct Memory {
    AlertState state = AlertState::kInactive;  ///< kInactive, kPending or kFiring
    UtcTime active_since{};
    /// Firing: when the condition ended, while keep_firing_for runs.
    std::optional<UtcTime> ending_since{};
    std::optional<UtcTime> last_notified{};  ///< when firing was last told
    bool told = true;                        ///< firing: it was told, not held back by the cooldown
  };

  Alert() = default;

  /// Takes up what an earlier run saved.
  explicit Alert(const Memory& memory) : memory_(memory), restored_(true) {}

  /// Moves on to the instant `at`. At most one change an instant. A firing that the cooldown held
  /// back is repeated as firing, cooled down, once the cooldown is over and it still fires: late is
  /// better than never.
  std::optional<Change> Step(UtcTime at, Sight sight, const AlertTiming& timing);

  /// The restart took no time: nothing was unseen.
  void GoOn() { restored_ = false; }

  /// Nothing depends on it any more: it can be forgotten.
  bool Forgettable(UtcTime at, const AlertTiming& timing) const;

  /// As long as the sight stays the same, no instant changes it.
  bool Settled(const AlertTiming& timing) const;

  const Memory& memory() const { return memory_; }
  bool active() const { return memory_.state != AlertState::kInactive; }

 private:
  std::optional<Change> StepPending(UtcTime at, bool present, const AlertTiming& timing);
  std::optional<Change> StepFiring(UtcTime at, Sight sight, const AlertTiming& timing);
  Change Fire(UtcTime at, const AlertTiming& timing);
  /// What was saved before the clock was set back lies ahead of `at`: its timers begin anew there.
  void BringBack(UtcTime at);
  bool CooledDown(UtcTime at, const AlertTiming& timing) const;

  Memory memory_;
  bool restored_ = false;  // and not stepped since
};

}  // namespace fleet_edge::rules
