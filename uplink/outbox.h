#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/section.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/event_batcher.h"
#include "uplink/gap_log.h"
#include "uplink/lane_queue.h"
#include "uplink/ledger.h"
#include "uplink/row_set.h"
#include "uplink/status.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// Keeps every batch until the hub has acknowledged it.
///
/// Head in memory, tail in the store. Within `Limits::durable_within` of being accepted a batch is
/// acknowledged or committed; an alert is committed before Offer() returns. Nothing but Complete()
/// or a counted drop removes a batch. docs/outbox.md tells the promise in full.
///
/// Owned by App, used on the uplink's thread only. Borrows all that it is made with.
class Outbox {
 public:
  struct Limits {
    Duration durable_within = std::chrono::seconds{2};
    Bytes memory = MiB(4);   ///< of the head; beyond it batches are committed at once
    Bytes quota = MiB(512);  ///< of the tail; beyond it the oldest batch of the lowest lane goes
  };

  /// What a Lease() may hand out.
  struct Budget {
    Bytes total;  ///< of bodies
    std::size_t batches = std::numeric_limits<std::size_t>::max();
    std::optional<Bytes> backlog;  ///< of telemetry that is on disk; nothing: no limit
    bool telemetry = true;         ///< false: alerts and status only
    double live_share = 0;         ///< of a backlog's bytes, what the newest telemetry gets; < 1
  };

  /// A batch to publish.
  struct Leased {
    const Batch* batch;  ///< valid until the next call of anything here
    bool is_backlog;     ///< telemetry that is on disk, or goes out of turn beside it
  };

  /// A part of a lane as it is on disk.
  struct Page {
    std::vector<Store::Row> rows;  ///< oldest first; none that the hub has acknowledged
    RowId next = 0;                ///< the id behind which the next page begins; 0: the end
    std::string unsettled{};  ///< why what waits in memory could not be committed; empty: it was
  };

  /// Takes over what an earlier run left in `store`. `status` seals gap records.
  Outbox(Store& store, EventBatcher& status, Ledger& ledger, const Clock& clock, Limits limits);

  /// Takes sealed batches, whose records the ledger has counted as accepted, and commits the alerts
  /// among them with `alert_state` before it returns. Never fails: what finds no room is dropped by
  /// lane, counted, and announced as a gap; an alert that can't be committed is tried again by
  /// CommitDue().
  void Offer(std::vector<Batch> batches, std::optional<std::string> alert_state = {});

  /// Seals an event of the agent and takes it.
  void Announce(fleet::v1::StatusEvent event);

  /// Takes note of batches that were dropped on the way here, the oldest accepted at `since`;
  /// announced once the hub is heard.
  void NoteDropped(const fleet::v1::Gap& gap, BootTime since);

  /// Takes note of events of the agent that were dropped on the way here.
  void NoteDroppedEvents(std::uint64_t events);

  /// Batches to publish now, alerts first, each lane oldest first but for the budget's
  /// `live_share`. Leased batches are not handed out again until returned.
  std::vector<Leased> Lease(const Budget& budget);

  /// The hub acknowledged it. Unknown ids are ignored: a report may come twice.
  void Complete(const BatchId& id);

  /// It was not delivered: back to its place in the lane.
  void Return(const BatchId& id);

  /// The hub will never take it: put aside for people, counted as dropped, announced as a gap.
  void Quarantine(const BatchId& id, const std::string& reason);

  /// Commits what is due by `now`, in one transaction with all that waits. Errors: kFull (quota),
  /// kRetry (I/O, disk full): the head holds on within its bound, and NextDue() is when to try
  /// again. An earlier failure of Offer() is told by the next call.
  Result<void> CommitDue(BootTime now);

  /// When CommitDue() has something to do.
  BootTime NextDue();

  /// Commits everything that is not acknowledged. Errors as above.
  Result<void> CommitAll();

  /// The same for an orderly end, with what is still to be announced.
  Result<void> CommitAtEnd();

  /// Shows what the lane holds on disk behind the id `after`, a few hundred kB of it, and changes
  /// nothing. Errors: as of Store::Load().
  Result<Page> Look(Lane lane, RowId after);

  /// Telemetry waits that is not leased.
  bool HasTelemetry() const { return queues_.back().HasFree(); }

  /// When the telemetry that is next was accepted; nothing when none is in memory.
  std::optional<BootTime> TelemetryAccepted();

  /// In memory and on disk.
  std::uint64_t records() const;

  OutboxStatus status() const;

  const Ledger& ledger() const { return ledger_; }

 private:
  // Of the memory, an eighth is kept free of what comes in, so that what rests on disk can be
  // loaded though the disk takes no more.
  static constexpr std::uint64_t kLoadShare = 8;

  // Runs of rows that may wait to be erased, each some 60 bytes of memory; then they are due.
  static constexpr std::size_t kMaxErase = 50'000;

  enum class Scope : std::uint8_t { kUrgent, kEverything };  // kUrgent: without telemetry

  LaneQueue& queue(Lane lane) { return queues_[static_cast<std::size_t>(lane)]; }
  void LeaseLane(Lane lane, const Budget& budget, Bytes& spent, std::vector<Leased>& leased);
  LaneQueue::Entry& LeaseBacklog(LaneQueue& lane_queue, LaneQueue::Entry& oldest,
                                 double live_share);
  Bytes InFlight() const;
  Bytes Memory() const;

  void Put(Batch batch);
  void MakeMemoryRoom();
  bool Evict();
  bool HasUncommitted();
  bool DropFromMemory();
  void Announce(const fleet::v1::Gap& gap);
  void BookDrop(Lane lane, std::string_view reason, std::uint64_t records);
  void BookDrop(const Batch& batch, std::string_view reason);
  void CountDrop(Lane lane, std::string_view reason, std::uint64_t records);
  void PutAside(Batch batch, std::string_view reason);
  void SealGaps();

  // outbox_load.cc
  LaneQueue::Entry* NextFree(Lane lane);
  bool Reload(Lane lane);
  bool Rests(const LaneQueue& lane_queue, RowId row) const;
  void NoteLoadFailure(const Error& error);
  void TakeLoaded(LaneQueue& lane_queue, Store::Row row);
  void SkipDamaged(LaneQueue& lane_queue, Store::Row row);
  void NoteMissing(Lane lane);

  // outbox_commit.cc
  Duration Ahead() const;
  BootTime BatchesDue();
  Result<void> Commit(Scope scope);
  Result<void> TryCommit(Scope scope, Bytes relief);
  Store::Transaction Prepare(Scope scope, std::vector<LaneQueue::Entry*>& waiting);
  void Settle(const std::vector<LaneQueue::Entry*>& waiting, const std::vector<RowId>& rows);
  void MakeQuotaRoom(Scope scope, Bytes more);
  bool DropForQuota(Scope scope, Bytes& unwritten);
  bool DropResting(Lane lane);
  void EraseRow(RowId row, const Batch& batch);
  Error NoteFailure(Error error);
  bool SalvageStore();
  Result<void> Recount();

  Store& store_;
  EventBatcher& status_;
  Ledger& ledger_;
  const Clock& clock_;
  const Limits limits_;

  std::array<LaneQueue, kLanes.size()> queues_;
  double live_due_ = 0;  // bytes that the newest telemetry may go ahead with; below 0: it has

  // Waits for the next transaction.
  RowSet erase_;
  Bytes erase_cost_{0};                                    // what erasing them will make free
  std::vector<std::pair<Batch, std::string>> quarantine_;  // with the reason
  std::optional<std::string> alert_state_;
  std::map<std::string, std::uint64_t> counters_;
  GapLog gaps_;
  bool gaps_changed_ = false;
  BootTime dropped_since_ = BootTime::max();  // accepted: the oldest that a gap alone tells of
  bool hub_heard_ = false;  // acknowledged something since the gaps were last sealed

  bool epoch_stored_;
  bool recount_ = false;      // the store was salvaged: what rests in it is to be counted
  bool opened_late_ = false;  // the store had never been open: all it holds is news
  bool rewrite_ = false;      // the store was salvaged: what is in memory is written again, at once
  BootTime last_commit_;
  BootTime retry_at_;
  BootTime salvage_at_;  // when a load may ask for one again
  std::uint64_t commits_ = 0;
  std::uint64_t failed_commits_ = 0;
  Duration commit_took_{0};
  std::string error_;
  std::optional<Error> untold_;  // of a commit that CommitDue() did not make
};

/// Keys of the configuration's `outbox` that are limits.
void Describe(Section& section, Outbox::Limits& limits);

}  // namespace fleet_edge::uplink
