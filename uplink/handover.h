#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/ledger.h"

namespace fleet_edge::uplink {

/// Carries sealed batches from the pipeline's thread to the uplink's, without ever making the
/// pipeline wait: the driver's next alert must not wait for a disk (I8).
///
/// Owned by App. Push() on the pipeline's thread, Report() on that and the main one, Take(),
/// WaitUntil() and Audit() on the uplink's, Wake() on any; the mutex is the whole of the sharing
/// between them. Beyond `memory` the oldest telemetry batch is dropped, without telemetry the
/// oldest of all, and of the agent's events the oldest beyond 1000: counted (`handover_full`) and
/// reported as gaps.
class Handover {
 public:
  /// What one Take() hands over.
  struct Load {
    std::vector<Batch> batches;  ///< sealed, by lane in sequence
    std::vector<fleet::v1::StatusEvent>
        reports;  ///< the uplink numbers and seals them: its lane has gap records too
    std::uint64_t dropped_reports = 0;  ///< older than `reports`, and gone
    std::vector<fleet::v1::Gap> gaps;   ///< batches that were dropped here
    BootTime gaps_since;                ///< when the oldest of them was accepted
    std::optional<std::string>
        alert_state;  ///< the newest; committed with the alerts that it reflects
  };

  /// `ledger` outlives this.
  Handover(Bytes memory, Ledger& ledger);

  /// Counts the batch's records as accepted.
  void Push(Batch batch);

  /// Batches of alerts with the state that they leave behind.
  void Push(std::vector<Batch> alerts, std::string alert_state);

  /// An event of the agent itself: birth, death, clock step, health. Its identity is filled in by
  /// the uplink. Beyond 1000 that wait the oldest is dropped: the newest tells how things are.
  void Report(fleet::v1::StatusEvent event);

  /// Everything that waits. Empty when nothing does.
  Load Take();

  /// Returns when something was pushed or Wake() was called since the last return, when `deadline`
  /// of `clock`'s boot time has come, or at a stop.
  void WaitUntil(BootTime deadline, const Clock& clock, std::stop_token stop);

  /// Ends the current or the next WaitUntil().
  void Wake();

  /// Audits the ledger: what waits here and `elsewhere` is all there is. Called on the uplink's
  /// thread, with nothing taken that is not yet `elsewhere`.
  void Audit(std::uint64_t elsewhere) const;

 private:
  // With mutex_ held.
  void Enqueue(Batch batch);
  void DropOldest();

  const Bytes memory_;
  Ledger& ledger_;

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  // Guarded by mutex_.
  std::deque<Batch> batches_;
  std::deque<fleet::v1::StatusEvent> reports_;
  std::uint64_t dropped_reports_ = 0;
  GapLog gaps_;
  BootTime gaps_since_ = BootTime::max();
  std::optional<std::string> alert_state_;
  Bytes held_{0};
  std::uint64_t records_ = 0;
  bool rung_ = false;
};

}  // namespace fleet_edge::uplink
