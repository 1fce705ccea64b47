#include "uplink/outbox.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/section.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/event_batcher.h"
#include "uplink/gap_log.h"
#include "uplink/lane_queue.h"
#include "uplink/ledger.h"
#include "uplink/status.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

// Beyond it gaps become status events though the hub is not heard, so that the list stays small.
constexpr std::size_t kMaxGaps = 64;

// Beyond it the batch is not put aside, only counted: one that waits for a disk that fails.
constexpr std::size_t kMaxQuarantineWaiting = 8;

}  // namespace

Outbox::Outbox(Store& store, EventBatcher& status, Ledger& ledger, const Clock& clock,
               Limits limits)
    : store_(store),
      status_(status),
      ledger_(ledger),
      clock_(clock),
      limits_(limits),
      queues_{LaneQueue(store.totals()[0]), LaneQueue(store.totals()[1]),
              LaneQueue(store.totals()[2])},
      gaps_(store.Meta(kGapsKey).value_or("")),
      epoch_stored_(store.Meta(kEpochKey) == std::to_string(status.identity().epoch)),
      last_commit_(clock.Boot()),
      retry_at_(clock.Boot()) {
  for (const LaneTotals& totals : store.totals()) ledger_.Recover(totals.records);
  const std::optional<Store::SalvageReport>& salvaged = store.salvaged();
  if (!salvaged) return;
  for (const Lane lane : kLanes) {
    const LaneTotals& lost = salvaged->lost.at(static_cast<std::size_t>(lane));
    if (lost.batches == 0) continue;
    // Counted without a gap: a row that is gone has taken its seq along.
    ledger_.Recover(lost.records);
    BookDrop(lane, kCorrupt, lost.records);
  }
}

void Outbox::Offer(std::vector<Batch> batches, std::optional<std::string> alert_state) {
  const bool has_alert = alert_state || std::ranges::any_of(batches, [](const Batch& batch) {
                           return batch.id.lane == Lane::kAlert;
                         });
  if (alert_state) alert_state_ = std::move(alert_state);
  for (Batch& batch : batches) Put(std::move(batch));
  if (!has_alert) return;
  // A failure shows in status(), and CommitDue() tries again.
  (void)Commit(Scope::kUrgent);
}

void Outbox::Announce(fleet::v1::StatusEvent event) {
  ledger_.Accept(1);
  Put(status_.Seal(std::move(event)));
}

void Outbox::Announce(const fleet::v1::Gap& gap) {
  gaps_.Add(gap);
  gaps_changed_ = true;
}

void Outbox::NoteDropped(const fleet::v1::Gap& gap, BootTime since) {
  for (const Lane lane : kLanes) {
    if (gap.topic() == TopicOf(lane)) CountDrop(lane, gap.reason(), gap.records());
  }
  Announce(gap);
  dropped_since_ = std::min(dropped_since_, since);
}

void Outbox::NoteDroppedEvents(std::uint64_t events) {
  NoteDropped(status_.Skip(events, kHandoverFull), clock_.Boot());
}

void Outbox::Put(Batch batch) {
  queue(batch.id.lane).Push(std::move(batch));
  MakeMemoryRoom();
}

Bytes Outbox::Memory() const {
  Bytes sum;
  for (const LaneQueue& lane : queues_) sum += lane.memory();
  return sum;
}

bool Outbox::Evict() {
  return std::any_of(queues_.rbegin(), queues_.rend(),
                     [](LaneQueue& lane) { return lane.Evict(); });
}

void Outbox::MakeMemoryRoom() {
  const Bytes limit{limits_.memory.count - limits_.memory.count / kLoadShare};
  while (Memory() > limit) {
    if (Evict()) continue;
    // The head is full of what is not committed: it is spilled at once.
    const bool may_commit = clock_.Boot() >= retry_at_ && HasUncommitted();
    if (may_commit && Commit(Scope::kEverything)) continue;
    // The disk doesn't take it: the oldest of the lowest lane goes, counted. In flight it can't.
    if (!DropFromMemory()) return;
  }
}

bool Outbox::HasUncommitted() {
  return std::ranges::any_of(queues_,
                             [](LaneQueue& lane) { return lane.OldestUncommitted().has_value(); });
}

bool Outbox::DropFromMemory() {
  for (auto lane = queues_.rbegin(); lane != queues_.rend(); ++lane) {
    auto dropped = lane->RemoveUncommitted();
    if (!dropped) continue;
    BookDrop(dropped->batch, kMemoryFull);
    dropped_since_ = std::min(dropped_since_, dropped->batch.accepted);
    return true;
  }
  return false;
}

void Outbox::BookDrop(Lane lane, std::string_view reason, std::uint64_t records) {
  ledger_.Drop(lane, reason, records);
  CountDrop(lane, reason, records);
}

void Outbox::CountDrop(Lane lane, std::string_view reason, std::uint64_t records) {
  counters_[std::string("dropped.").append(ToString(lane)).append(".").append(reason)] += records;
}

void Outbox::BookDrop(const Batch& batch, std::string_view reason) {
  BookDrop(batch.id.lane, reason, batch.count);
  Announce(GapOf(batch, reason));
  if (reason == kCorrupt) return;
  // A gap record that goes itself takes nothing along: what it told of is announced anew.
  fleet::v1::StatusEvent event;
  const bool is_event = batch.id.lane == Lane::kStatus && event.ParseFromString(batch.body);
  if (is_event && event.has_gap()) Announce(event.gap());
}

std::vector<Outbox::Leased> Outbox::Lease(const Budget& budget) {
  std::vector<Leased> leased;
  Bytes spent;
  for (const Lane lane : kLanes) {
    if (lane != Lane::kTelemetry || budget.telemetry) LeaseLane(lane, budget, spent, leased);
  }
  return leased;
}

void Outbox::LeaseLane(Lane lane, const Budget& budget, Bytes& spent, std::vector<Leased>& leased) {
  // Half of the head may be in flight; the other half takes what comes meanwhile.
  const Bytes in_flight_limit{limits_.memory.count / 2};
  Bytes backlog;
  while (spent < budget.total && leased.size() < budget.batches && InFlight() < in_flight_limit) {
    LaneQueue::Entry* entry = NextFree(lane);
    if (entry == nullptr) return;
    const bool is_backlog = lane == Lane::kTelemetry && entry->committed;
    if (is_backlog) {
      if (budget.backlog && backlog >= *budget.backlog) return;
      entry = &LeaseBacklog(queue(lane), *entry, budget.live_share);
      backlog += {entry->batch.body.size()};
    } else {
      queue(lane).Lease(*entry);
    }
    spent += {entry->batch.body.size()};
    leased.push_back({&entry->batch, is_backlog});
  }
}

LaneQueue::Entry& Outbox::LeaseBacklog(LaneQueue& lane_queue, LaneQueue::Entry& oldest,
                                       double live_share) {
  LaneQueue::Entry* const newest =
      live_share > 0 && live_due_ > 0 ? lane_queue.NewestFree() : nullptr;
  if (newest != nullptr) {
    lane_queue.LeaseNewest(*newest);
    live_due_ -= static_cast<double>(newest->batch.body.size());
    return *newest;
  }
  lane_queue.Lease(oldest);
  // A share for which nothing was there is not saved up.
  live_due_ = std::min(live_due_, 0.0) +
              static_cast<double>(oldest.batch.body.size()) * live_share / (1 - live_share);
  return oldest;
}

std::optional<BootTime> Outbox::TelemetryAccepted() {
  const LaneQueue::Entry* const next = queue(Lane::kTelemetry).NextFree();
  if (next == nullptr) return std::nullopt;
  return next->batch.accepted;
}

Bytes Outbox::InFlight() const {
  Bytes sum;
  for (const LaneQueue& lane : queues_) sum += lane.leased();
  return sum;
}

void Outbox::Complete(const BatchId& id) {
  const auto done = queue(id.lane).Remove(id);
  if (!done) return;
  EraseRow(done->row, done->batch);
  ledger_.Acknowledge(done->batch.count);
  hub_heard_ = true;
}

void Outbox::Return(const BatchId& id) { queue(id.lane).Return(id); }

void Outbox::Quarantine(const BatchId& id, const std::string& reason) {
  auto poison = queue(id.lane).Remove(id);
  if (!poison) return;
  EraseRow(poison->row, poison->batch);
  BookDrop(poison->batch, kQuarantined);
  if (poison->row == 0) dropped_since_ = std::min(dropped_since_, poison->batch.accepted);
  PutAside(std::move(poison->batch), reason);
}

void Outbox::PutAside(Batch batch, std::string_view reason) {
  spdlog::error("outbox: batch {}/{} of lane {} with {} records is put aside: {}", batch.id.epoch,
                batch.id.seq, ToString(batch.id.lane), batch.count, reason);
  if (quarantine_.size() < kMaxQuarantineWaiting)
    quarantine_.emplace_back(std::move(batch), reason);
}

void Outbox::SealGaps() {
  if (gaps_.empty() || (!hub_heard_ && gaps_.size() < kMaxGaps)) return;
  hub_heard_ = false;
  // One by one: to find room for an event may take a commit, and each gap is in one or the other.
  // It may take a drop, too: what that adds waits for the next time.
  for (std::size_t left = gaps_.size(); left > 0; --left) {
    fleet::v1::StatusEvent event;
    *event.mutable_gap() = gaps_.TakeOldest();
    gaps_changed_ = true;
    Announce(std::move(event));
  }
}

std::uint64_t Outbox::records() const {
  std::uint64_t sum = 0;
  for (const LaneQueue& lane : queues_) sum += lane.in_memory().records + lane.resting().records;
  return sum;
}

OutboxStatus Outbox::status() const {
  OutboxStatus status;
  std::optional<UtcTime> oldest;
  std::size_t at = 0;
  for (const LaneQueue& lane : queues_) {
    LaneTotals& totals = status.lanes.at(at++);
    totals.batches = lane.in_memory().batches + lane.resting().batches;
    totals.records = lane.in_memory().records + lane.resting().records;
    totals.bytes = lane.in_memory().bytes + lane.resting().bytes;
    status.batches += lane.in_memory().batches + lane.resting().batches;
    status.bytes += {lane.in_memory().bytes + lane.resting().bytes};
    status.committed_records += lane.committed_in_memory().records + lane.resting().records;
    status.memory += lane.memory();
    const Batch* const first = lane.oldest();
    if (first != nullptr && (!oldest || first->time < *oldest)) oldest = first->time;
  }
  status.records = records();
  const Store::Size size = store_.size();
  status.disk = size.used;
  status.written = size.written;
  status.quota_share =
      static_cast<double>(size.used.count) / static_cast<double>(limits_.quota.count);
  if (oldest) status.oldest = std::max(Duration::zero(), clock_.Now() - *oldest);
  status.commits = commits_;
  status.failed_commits = failed_commits_;
  status.last_commit = commit_took_;
  status.error = error_;
  return status;
}

void Describe(Section& section, Outbox::Limits& limits) {
  section.Key("durable_within", limits.durable_within,
              "A reading that the hub has not acknowledged is on disk this long after it was "
              "accepted.");
  section.Key("memory", limits.memory,
              "Of the part that waits in memory; beyond it batches go to disk at once.");
  section.Key("quota", limits.quota,
              "Of the part on disk; beyond it the oldest telemetry is dropped, counted and "
              "announced to the hub.");
  if (!section.reading()) return;
  if (limits.durable_within < std::chrono::milliseconds{100}) {
    section.Fail("durable_within", "the disk could not follow", "Write 100ms or more");
  }
  if (limits.memory < MiB(1)) {
    section.Fail("memory", "some batches must fit", "Write 1MiB or more");
  }
  if (limits.quota < MiB(4)) {
    section.Fail("quota", "the database itself takes some", "Write 4MiB or more");
  }
}

}  // namespace fleet_edge::uplink
