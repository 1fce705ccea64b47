// How the outbox reaches the disk: what is due, what one transaction holds, and what happens when
// it fails.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/lane_queue.h"
#include "uplink/outbox.h"
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
  erase_.push_back(row);
  erase_cost_ += DiskCost(batch);
}

BootTime Outbox::BatchesDue() {
  // A tenth before the promise is due, so that the disk has time to keep it.
  const Duration ahead = limits_.durable_within - limits_.durable_within / 10;
  BootTime due = BootTime::max();
  for (const Lane lane : kLanes) {
    const auto accepted = queue(lane).OldestUncommitted();
    // Alerts are committed as they come: one that waits here has failed to be.
    if (accepted) due = std::min(due, lane == Lane::kAlert ? *accepted : *accepted + ahead);
  }
  return due;
}

BootTime Outbox::NextDue() {
  BootTime due = BatchesDue();
  const bool has_more = !erase_.empty() || !quarantine_.empty() || !counters_.empty() ||
                        alert_state_.has_value() || gaps_changed_;
  if (has_more) due = std::min(due, last_commit_ + limits_.durable_within);
  return std::max(due, retry_at_);
}

Result<BootTime> Outbox::CommitDue(BootTime now) {
  SealGaps();
  if (NextDue() > now) return NextDue();
  // When deletions alone are due, telemetry that the hub is about to acknowledge is left out: once
  // written it would have to be deleted, and so on for ever.
  const Scope scope = BatchesDue() <= now ? Scope::kEverything : Scope::kUrgent;
  if (auto done = Commit(scope); !done) return done.error();
  return NextDue();
}

Result<void> Outbox::CommitAll() {
  hub_heard_ = true;  // the last chance to seal what is to be announced
  SealGaps();
  return Commit(Scope::kEverything);
}

Result<void> Outbox::Commit(Scope scope) {
  auto done = TryCommit(scope);
  if (done || done.error().code != Error::Code::kFull) return done;
  const Bytes used = store_.size().used;
  const Bytes half{limits_.quota.count / 2};
  if (used < half) return done;  // the disk is full, not the quota: dropping would not help
  MakeQuotaRoom({limits_.quota.count / kReliefShare + limits_.quota.count / kUsableDenominator});
  return TryCommit(scope);
}

Result<void> Outbox::TryCommit(Scope scope) {
  Bytes more;
  for (const Lane lane : kLanes) {
    if (scope == Scope::kUrgent && lane == Lane::kTelemetry) continue;
    for (const auto* const entry : queue(lane).Uncommitted()) more += DiskCost(entry->batch);
  }
  MakeQuotaRoom(more);

  std::vector<LaneQueue::Entry*> waiting;
  const Store::Transaction transaction = Prepare(scope, waiting);
  if (transaction.empty()) return {};
  const BootTime start = clock_.Boot();
  auto rows = store_.Commit(transaction);
  commit_took_ = clock_.Boot() - start;
  if (!rows) {
    ++failed_commits_;
    error_ = rows.error().message;
    retry_at_ = clock_.Boot() + limits_.durable_within / 2;
    if (rows.error().code == Error::Code::kCorrupt) SalvageStore();
    return rows.error();
  }
  Settle(waiting, *rows);
  return {};
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
  transaction.erase = erase_;
  for (const auto& [batch, reason] : quarantine_)
    transaction.quarantine.push_back({&batch, reason});
  if (alert_state_) transaction.meta.emplace_back(kAlertStateKey, *alert_state_);
  if (gaps_changed_) transaction.meta.emplace_back(kGapsKey, gaps_.Serialize());
  transaction.counters.assign(counters_.begin(), counters_.end());
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
  last_commit_ = clock_.Boot();
  retry_at_ = last_commit_;
  ++commits_;
  error_.clear();
}

void Outbox::MakeQuotaRoom(Bytes more) {
  const std::uint64_t usable = limits_.quota.count / kUsableDenominator * kUsableNumerator;
  const std::uint64_t wanted = store_.size().used.count + more.count;
  Bytes unwritten;  // of `more`, what is dropped before it was ever written
  while (wanted > usable + erase_cost_.count + unwritten.count && DropForQuota(unwritten)) {
  }
}

bool Outbox::DropForQuota(Bytes& unwritten) {
  for (auto lane = kLanes.rbegin(); lane != kLanes.rend(); ++lane) {
    LaneQueue::Entry* const oldest = NextFree(*lane);
    // What can't be read now is not passed over: a higher lane must not pay for it.
    if (oldest == nullptr && queue(*lane).resting().batches > 0) return false;
    if (oldest == nullptr) continue;
    const auto dropped = queue(*lane).Remove(oldest->batch.id);
    if (!dropped) return false;
    EraseRow(dropped->row, dropped->batch);
    if (dropped->row == 0) unwritten += DiskCost(dropped->batch);
    BookDrop(dropped->batch, kQuota);
    return true;
  }
  return false;
}

void Outbox::SalvageStore() {
  auto report = store_.Salvage();
  if (!report) {
    error_ = report.error().message;
    retry_at_ = clock_.Boot() + limits_.durable_within;
    return;
  }
  if (report->aside.empty()) {
    spdlog::info("outbox: the database could be opened at last");
  } else {
    spdlog::error("outbox: the database was damaged; it is kept as {}, what was readable goes on",
                  report->aside);
  }
  // What waited for its deletion is not to be counted as resting below.
  const Store::Transaction erase{.erase = {erase_.begin(), erase_.end()},
                                 .totals = store_.totals()};
  if (store_.Commit(erase)) {
    erase_.clear();
    erase_cost_ = {};
  }
  for (const Lane lane : kLanes) {
    LaneQueue& lane_queue = queue(lane);
    lane_queue.DistrustStore();
    const auto left = store_.Count(lane, lane_queue.after(), lane_queue.before());
    if (!left) continue;  // counted as missing when they are loaded
    const LaneTotals before = lane_queue.resting();
    lane_queue.set_resting(*left);
    if (before.records > left->records) BookDrop(lane, kCorrupt, before.records - left->records);
    // A database that could not be opened at the start holds more than was known.
    if (left->records > before.records) ledger_.Recover(left->records - before.records);
  }
}

}  // namespace fleet_edge::uplink
