#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/section.h"
#include "core/time.h"
#include "uplink/backoff.h"
#include "uplink/handover.h"
#include "uplink/outbox.h"
#include "uplink/outbox_window.h"
#include "uplink/publisher.h"
#include "uplink/status.h"
#include "uplink/token_bucket.h"

namespace fleet_edge::uplink {

/// The uplink's worker: takes what the pipeline hands over, keeps it in the outbox, publishes it,
/// and completes it from delivery reports.
///
/// Owned by App. Run() is called once, on a thread of its own, the only one that touches the
/// outbox, the store and the publisher; status() on any. Borrows all that it is made with.
class Uplink {
 public:
  struct Options {
    Duration send_every = std::chrono::seconds{
        1};  ///< gathers telemetry into one produce request; alerts and status go at once
    Bytes backlog_rate{0};  ///< per second; 0: as fast as the link takes it
    double live_share = 0;  ///< of a backlog's bytes, what the newest telemetry gets; 0 to 0.9
  };

  /// `random`, numbers in [0, 1), jitters the waits after a failure.
  Uplink(Handover& handover, Outbox& outbox, Publisher& publisher, Options options,
         const Clock& clock, std::function<double()> random = SystemRandom());

  /// Works until a stop; then commits what is not acknowledged, and returns: half a second for the
  /// hub, and as long as the disk takes, which has no bound.
  void Run(const std::stop_token& stop);

  /// One turn of the work, without waiting. Returns when the next one is wanted, unless the
  /// handover or the publisher wakes it earlier. What Run() repeats.
  BootTime Step();

  /// The orderly end: sends what can be sent in half a second, commits the rest.
  void Finish();

  /// Shows what is on disk. On one thread other than the worker's.
  Result<Outbox::Page> Look(const OutboxWindow::Question& question);

  /// As the last turn left it.
  UplinkStatus status() const;

  /// How many turns the worker has come through, at least one a second while disk and publisher
  /// return. Any thread.
  std::uint64_t turns() const { return turns_; }

 private:
  void TakeHandover();
  void HandleReports(const std::vector<Publisher::Report>& reports, BootTime now);
  void NoteCommit(const Result<void>& done);
  BootTime Send(BootTime now);
  bool PublishLease(const Outbox::Budget& budget, BootTime now);
  void BackOff(BootTime now);
  void PublishStatus();

  Handover& handover_;
  Outbox& outbox_;
  OutboxWindow window_;
  Publisher& publisher_;
  const Options options_;
  const Clock& clock_;

  Backoff backoff_;
  TokenBucket backlog_;
  BootTime next_telemetry_;  // send_every holds telemetry back until then
  BootTime hold_until_;      // after something came back
  bool in_order_ = true;     // false: something came back while later batches are still in flight
  std::uint64_t in_flight_ = 0;
  std::atomic<std::uint64_t> turns_ = 0;
  bool commit_fails_ = false;

  mutable std::mutex mutex_;  // between the worker and whoever asks for the status
  UplinkStatus status_;       // guarded by mutex_
};

/// Keys of the configuration's `uplink`, without `kafka`.
void Describe(Section& section, Uplink::Options& options);

}  // namespace fleet_edge::uplink
