#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "agent/pipeline/board.h"
#include "agent/pipeline/judge.h"
#include "agent/pipeline/notifier.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/pipeline/rule_counters.h"
#include "agent/pipeline/thinning.h"
#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/compiled_rules.h"
#include "rules/engine.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"

namespace fleet_edge::agent {

/// The middle of the flow: readings come in, are judged, and leave as sealed batches; alerts go to
/// the driver first and then to the hub (I8). It waits for nothing but its input.
///
/// Owned by App. Run() is called once, on a thread of its own; Reload() on any thread.
class Pipeline {
 public:
  /// All of it outlives the pipeline.
  struct Parts {
    BoundedQueue<Reading>& readings;
    QualityGate& gate;
    Judge& judge;
    Notifier* notifier;  ///< null: the driver has no display
    Thinning& thinning;
    uplink::Batcher& batcher;
    uplink::EventBatcher& events;
    uplink::Handover& handover;
    Counters& counters;
    const Clock& clock;
    /// By how much the clock has just been set anew because the wall clock had stepped; nothing
    /// when it has not. Empty: the clock never steps.
    std::function<std::optional<Duration>()> take_clock_step;
    /// Whether the wall clock agrees with UTC; what is sealed says so. Empty: nobody knows.
    std::function<bool()> clock_synced;
    Board* board = nullptr;  ///< null: nobody looks
  };

  explicit Pipeline(Parts parts);

  /// Works until a stop, then until the queue is empty, and hands over what is open. Drivers must
  /// have ended by then. After a round with readings it rests for 50 ms, until something is due
  /// or many more have come: those are one round's.
  void Run(const std::stop_token& stop);

  /// One round: waits for readings until `wait_until`, works through them and through all that is
  /// due by now. Returns when it wants to be called next, readings apart.
  BootTime Step(BootTime wait_until, const std::stop_token& stop);

  /// Hands over what is open and the rules' whole state, and clears the display of what is
  /// resolved.
  void Finish();

  /// Has the rules replaced by these in the next round. Precondition: they have no errors.
  void Reload(rules::CompiledRules rules);

  /// How many rounds it has come through, at least one a second. A number that stands still is a
  /// pipeline that hangs. Any thread.
  std::uint64_t turns() const { return turns_; }

 private:
  void GatherUntil(BootTime due, const std::stop_token& stop);
  void TakeReadings();
  void ReplaceRules();
  void AdvanceRules();
  /// At the start: a display that was switched off, or lost what it kept, shows again what fires.
  void ShowFiring();
  void TellAlerts(const std::vector<rules::AlertEvent>& alerts);
  void SealOpenBatch();
  void LookAfter();
  void NoteClock();
  void CountDropped();
  void FollowClockStep();
  BootTime NextDue();

  const Parts parts_;
  RuleCounters rule_counters_;
  Counter& clock_steps_;
  Counter& dropped_;
  std::vector<Reading> incoming_;
  rules::Changes changes_;
  std::uint64_t dropped_before_ = 0;
  BootTime look_after_at_;
  bool synced_ = false;
  std::atomic<std::uint64_t> turns_ = 0;

  // Shared with the thread that read and compiled the rule files: neither has a place on the
  // pipeline's (I8).
  std::mutex reload_mutex_;
  std::optional<rules::CompiledRules> reload_;
};

}  // namespace fleet_edge::agent
