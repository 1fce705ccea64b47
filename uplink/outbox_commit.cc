// How the outbox reaches the disk: what is due, what one transaction holds, and what happens when
// it fails.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/lane_queue.h"
#include "uplink/outbox.h"
#include "uplink/row_set.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

// Of the quota, what bodies may fill: the rest is for pages that are partly empty, and for
// deleting.
constexpr std::uint64_t kUsableNumerator = 9;
constexpr std::uint64_t kUsableDenominator = 10;

// When the store is full all the same, this share of the quota is made free at once.
constexpr std::uint64_t kReliefShare = 32;

/// What a batch takes on disk: its row, or its own overflow pages.
Bytes DiskCost(const Batch& batch) {
  constexpr std::uint64_t kRow = 48;
  constexpr std::uint64_t kPage = 4'096;
  const std::uint64_t size = batch.body.size() + kRow;
  return {size < kPage ? size : (size / kPage + 1) * kPage};
}

}  // namespace

void Outbox::EraseRow(RowId row, const Batch& batch) {
  if (row == 0) return;
  erase_.Insert(row);
  erase_cost_ += DiskCost(batch);
}

Duration Outbox::Ahead() const {
  // A tenth before the promise is due, so that the disk has time to keep it.
  return limits_.durable_within - limits_.durable_within / 10;
}

BootTime Outbox::BatchesDue() {
  BootTime due = BootTime::max();
  for (const Lane lane : kLanes) {
    const auto accepted = queue(lane).OldestUncommitted();
    // Alerts are committed as they come: one that waits here has failed to be.
    if (accepted) due = std::min(due, lane == Lane::kAlert ? *accepted : *accepted + Ahead());
  }
  return due;
}

BootTime Outbox::NextDue() {
  BootTime due = BatchesDue();
  // A gap record stands for its batches: it is due when they were.
  if (dropped_since_ < BootTime::max()) due = std::min(due, dropped_since_ + Ahead());
  const bool has_more = !erase_.empty() || !quarantine_.empty() || !counters_.empty() ||
                        alert_state_.has_value() || gaps_changed_ || !epoch_stored_;
  if (has_more) due = std::min(due, last_commit_ + limits_.durable_within);
  if (erase_.size() >= kMaxErase) due = last_commit_;
  return std::max(due, retry_at_);
}

Result<void> Outbox::CommitDue(BootTime now) {
  SealGaps();
  if (NextDue() > now) {
    // A commit between the turns has failed, an alert's or one for want of memory.
    const auto untold = std::exchange(untold_, std::nullopt);
    return untold ? Result<void>(*untold) : Result<void>();
  }
  // When deletions alone are due, telemetry that the hub is about to acknowledge is left out: once
  // written it would have to be deleted, and so on for ever.
  const Scope scope = BatchesDue() <= now ? Scope::kEverything : Scope::kUrgent;
  auto done = Commit(scope);
  untold_.reset();
  return done;
}

Result<void> Outbox::CommitAll() { return Commit(Scope::kEverything); }

Result<void> Outbox::CommitAtEnd() {
  hub_heard_ = true;  // the last chance to seal what is to be announced
  SealGaps();
  return CommitAll();
}

Result<void> Outbox::Commit(Scope scope) {
  auto done = TryCommit(scope, {});
  if (!done && done.error().code == Error::Code::kCorrupt) {
    done = SalvageStore() ? TryCommit(scope, {}) : Error{Error::Code::kRetry, error_};
  }
  // Pages are emptier than they were taken to be: twice as much is made free each time.
  for (Bytes relief{limits_.quota.count / kReliefShare};
       !done && done.error().code == Error::Code::kFull && relief <= limits_.quota;
       relief.count *= 2) {
    done = TryCommit(scope, relief);
  }
  return done;
}

Result<void> Outbox::TryCommit(Scope scope, Bytes relief) {
  if (const auto counted = Recount(); !counted) return NoteFailure(counted.error());
  // What a salvage has left of it is in the store, yet not in the books of a part.
  if (rewrite_) scope = Scope::kEverything;
  Bytes more = relief;
  for (const Lane lane : kLanes) {
    if (scope == Scope::kUrgent && lane == Lane::kTelemetry) continue;
    for (const auto* const entry : queue(lane).Uncommitted()) {
      // One with a row takes its own place again; if a salvage has lost the row, that place is
      // free.
      if (entry->row == 0) more += DiskCost(entry->batch);
    }
  }
  MakeQuotaRoom(scope, more);
  if (rewrite_) scope = Scope::kEverything;  // a salvage came of making room

  std::vector<LaneQueue::Entry*> waiting;
  const Store::Transaction transaction = Prepare(scope, waiting);
  if (transaction.empty()) return {};
  const BootTime start = clock_.Boot();
  auto rows = store_.Commit(transaction);
  commit_took_ = clock_.Boot() - start;
  if (!rows) return NoteFailure(rows.error());
  Settle(waiting, *rows);
  return {};
}

Error Outbox::NoteFailure(Error error) {
  ++failed_commits_;
  error_ = error.message;
  // One that is pending stays: however often alerts fail, the turn that tries everything comes.
  if (retry_at_ <= clock_.Boot()) retry_at_ = clock_.Boot() + limits_.durable_within / 2;
  untold_ = error;
  return error;
}

Store::Transaction Outbox::Prepare(Scope scope, std::vector<LaneQueue::Entry*>& waiting) {
  Store::Transaction transaction;
  for (const Lane lane : kLanes) {
    LaneQueue& lane_queue = queue(lane);
    LaneTotals& totals = transaction.totals[static_cast<std::size_t>(lane)];
    const LaneTotals& resting = lane_queue.resting();
    const LaneTotals& committed = lane_queue.committed_in_memory();
    totals = {resting.batches + committed.batches, resting.records + committed.records,
              resting.bytes + committed.bytes};
    // Gap records go with the list of gaps from which they were taken.
    if (scope == Scope::kUrgent && lane == Lane::kTelemetry) continue;
    for (LaneQueue::Entry* const entry : lane_queue.Uncommitted()) {
      ++totals.batches;
      totals.records += entry->batch.count;
      totals.bytes += entry->batch.body.size();
      transaction.insert.push_back({&entry->batch, entry->row});
      waiting.push_back(entry);
    }
  }
  transaction.erase = erase_.Runs();
  for (const auto& [batch, reason] : quarantine_)
    transaction.quarantine.push_back({&batch, reason});
  if (alert_state_) transaction.meta.emplace_back(kAlertStateKey, *alert_state_);
  if (!epoch_stored_) {
    transaction.meta.emplace_back(kEpochKey, std::to_string(status_.identity().epoch));
  }
  if (gaps_changed_) transaction.meta.emplace_back(kGapsKey, gaps_.Serialize());
  transaction.counters.assign(counters_.begin(), counters_.end());
  transaction.salvage_booked = !recount_;
  return transaction;
}

void Outbox::Settle(const std::vector<LaneQueue::Entry*>& waiting, const std::vector<RowId>& rows) {
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    queue(waiting[i]->batch.id.lane).Committed(*waiting[i], rows[i]);
  }
  erase_.clear();
  erase_cost_ = {};
  quarantine_.clear();
  alert_state_.reset();
  counters_.clear();
  gaps_changed_ = false;
  dropped_since_ = BootTime::max();
  epoch_stored_ = true;
  rewrite_ = false;
  last_commit_ = clock_.Boot();
  retry_at_ = last_commit_;
  ++commits_;
  error_.clear();
  untold_.reset();
}

void Outbox::MakeQuotaRoom(Scope scope, Bytes more) {
  const std::uint64_t usable = limits_.quota.count / kUsableDenominator * kUsableNumerator;
  const std::uint64_t wanted = store_.size().used.count + more.count;
  Bytes unwritten;  // of `more`, what is dropped before it was ever written
  while (wanted > usable + erase_cost_.count + unwritten.count && DropForQuota(scope, unwritten)) {
  }
}

bool Outbox::DropForQuota(Scope scope, Bytes& unwritten) {
  for (auto lane = kLanes.rbegin(); lane != kLanes.rend(); ++lane) {
    LaneQueue::Entry* const oldest = queue(*lane).NextFree();
    if (oldest == nullptr) {
      // What can't be read now is not passed over: a higher lane must not pay for it.
      if (queue(*lane).resting().batches > 0) return DropResting(*lane);
      continue;
    }
    // What this commit leaves out, and no other has written, makes no room.
    if (scope == Scope::kUrgent && *lane == Lane::kTelemetry && oldest->row == 0) continue;
    const auto dropped = queue(*lane).Remove(oldest->batch.id);
    if (!dropped) return false;
    EraseRow(dropped->row, dropped->batch);
    if (dropped->row == 0) unwritten += DiskCost(dropped->batch);
    BookDrop(dropped->batch, kQuota);
    return true;
  }
  return false;
}

bool Outbox::DropResting(Lane lane) {
  // Without a place in memory, which may be full of what can't be committed for want of quota.
  if (const auto counted = Recount(); !counted) {
    NoteLoadFailure(counted.error());
    return false;
  }
  LaneQueue& lane_queue = queue(lane);
  auto rows = store_.Load(lane, lane_queue.after(), 1, Bytes{1});
  if (!rows) {
    NoteLoadFailure(rows.error());
    return false;
  }
  if (rows->empty() || rows->front().id >= lane_queue.before()) {
    NoteMissing(lane);
    return false;
  }
  Store::Row& row = rows->front();
  if (!Rests(lane_queue, row.id)) {
    lane_queue.Skip(row.id);
  } else if (!row.intact) {
    SkipDamaged(lane_queue, std::move(row));
  } else {
    EraseRow(row.id, row.batch);
    row.batch.count = static_cast<std::uint32_t>(lane_queue.SkipLoaded(row));
    BookDrop(row.batch, kQuota);
  }
  return true;
}

bool Outbox::SalvageStore() {
  auto report = store_.Salvage();
  if (!report) {
    salvage_at_ = clock_.Boot() + limits_.durable_within / 2;
    (void)NoteFailure(report.error());
    return false;
  }
  error_.clear();
  if (report->aside.empty()) {
    spdlog::info("outbox: the database could be opened at last");
    opened_late_ = true;
    GapLog earlier(store_.Meta(kGapsKey).value_or(""));
    for (fleet::v1::Gap& gap : earlier.Take()) gaps_.Add(std::move(gap));
  } else {
    spdlog::error("outbox: the database was damaged; it is kept as {}, what was readable goes on",
                  report->aside);
  }
  for (LaneQueue& lane : queues_) lane.DistrustStore();
  gaps_changed_ = true;
  epoch_stored_ = false;
  rewrite_ = true;
  recount_ = true;
  // Else with the next commit.
  if (const auto counted = Recount(); !counted) error_ = counted.error().message;
  return true;
}

Result<void> Outbox::Recount() {
  if (!recount_) return {};
  Totals left;
  for (const Lane lane : kLanes) {
    const LaneQueue& lane_queue = queue(lane);
    // A database that could not be opened at the start holds what nobody knew of.
    if (lane_queue.resting().batches == 0 && !opened_late_) continue;
    LaneTotals& totals = left.at(static_cast<std::size_t>(lane));
    const auto all = store_.Count(lane, lane_queue.after(), lane_queue.before());
    if (!all) return all.error();
    totals = *all;
    // As runs: to count row by row may take longer than a batch may wait.
    RowSet elsewhere = erase_;
    for (const RowId row : lane_queue.RowsHeld()) elsewhere.Insert(row);
    for (const auto& [first, last] : elsewhere.Runs()) {
      if (last <= lane_queue.after() || first >= lane_queue.before()) continue;
      const auto some = store_.Count(lane, std::max(first - 1, lane_queue.after()),
                                     std::min(last + 1, lane_queue.before()));
      if (!some) return some.error();
      totals.batches -= some->batches;
      totals.records -= some->records;
      totals.bytes -= some->bytes;
    }
  }
  recount_ = false;
  opened_late_ = false;
  for (const Lane lane : kLanes) {
    const LaneTotals before = queue(lane).resting();
    const LaneTotals& now = left.at(static_cast<std::size_t>(lane));
    queue(lane).set_resting(now);
    if (before.records > now.records) BookDrop(lane, kCorrupt, before.records - now.records);
    if (now.records > before.records) ledger_.Recover(now.records - before.records);
  }
  return {};
}

}  // namespace fleet_edge::uplink
