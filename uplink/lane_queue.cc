#include "uplink/lane_queue.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

void Add(LaneTotals& totals, const Batch& batch) {
  ++totals.batches;
  totals.records += batch.count;
  totals.bytes += batch.body.size();
}

/// Not below 0: a damaged row may say anything.
void Subtract(LaneTotals& totals, const Batch& batch) {
  totals.batches -= std::min<std::uint64_t>(totals.batches, 1);
  totals.records -= std::min<std::uint64_t>(totals.records, batch.count);
  totals.bytes -= std::min<std::uint64_t>(totals.bytes, batch.body.size());
}

}  // namespace

void LaneQueue::Push(Batch batch) {
  auto entry = std::make_unique<Entry>();
  entry->batch = std::move(batch);
  Insert(entries_.size(), std::move(entry));
}

LaneQueue::Entry* LaneQueue::NextFree() {
  const std::size_t end = resting_.batches > 0 ? hole_ : entries_.size();
  while (leased_prefix_ < end && entries_[leased_prefix_]->leased) ++leased_prefix_;
  return leased_prefix_ < end ? entries_[leased_prefix_].get() : nullptr;
}

void LaneQueue::Lease(Entry& entry) {
  entry.leased = true;
  leased_ += {entry.batch.body.size()};
  ++leased_batches_;
}

void LaneQueue::Unlease(Entry& entry) {
  entry.leased = false;
  leased_.count -= entry.batch.body.size();
  --leased_batches_;
}

bool LaneQueue::Return(const BatchId& id) {
  const auto at = Find(id);
  if (!at || !entries_[*at]->leased) return false;
  Unlease(*entries_[*at]);
  leased_prefix_ = std::min(leased_prefix_, *at);
  return true;
}

std::optional<LaneQueue::Entry> LaneQueue::Remove(const BatchId& id) {
  const auto at = Find(id);
  if (!at) return std::nullopt;
  return std::move(*Take(*at));
}

std::optional<LaneQueue::Entry> LaneQueue::RemoveUncommitted() {
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    const Entry& entry = *entries_[at];
    if (!entry.leased && entry.row == 0) return std::move(*Take(at));
  }
  return std::nullopt;
}

bool LaneQueue::Evict() {
  if (resting_.batches == 0) {
    // Front and back are one: the run begins behind all that is in flight, so that nothing in the
    // back is ever leased or completed while the run is there.
    hole_ = entries_.size();
    while (hole_ > 0 && !entries_[hole_ - 1]->leased) --hole_;
  }
  if (hole_ == entries_.size()) return false;
  const Entry& entry = *entries_[hole_];
  if (!entry.committed) return false;
  if (resting_.batches == 0) after_ = entry.row - 1;
  Add(resting_, entry.batch);
  Take(hole_);
  return true;
}

std::uint64_t LaneQueue::AddLoaded(Store::Row row) {
  const std::uint64_t taken = SkipLoaded(row);
  auto entry = std::make_unique<Entry>();
  entry->batch = std::move(row.batch);
  entry->row = row.id;
  entry->committed = true;
  Insert(hole_, std::move(entry));
  ++hole_;
  return taken;
}

std::uint64_t LaneQueue::SkipLoaded(const Store::Row& row) {
  const std::uint64_t before = resting_.records;
  after_ = row.id;
  Subtract(resting_, row.batch);
  // With the last batch goes all that the books still say.
  if (resting_.batches == 0) resting_ = {};
  return before - resting_.records;
}

RowId LaneQueue::before() const {
  for (std::size_t at = hole_; at < entries_.size(); ++at) {
    if (entries_[at]->row != 0) return entries_[at]->row;
  }
  return std::numeric_limits<RowId>::max();
}

std::vector<LaneQueue::Entry*> LaneQueue::Uncommitted() {
  std::vector<Entry*> found;
  for (std::size_t at = committed_prefix_; at < entries_.size(); ++at) {
    if (!entries_[at]->committed) found.push_back(entries_[at].get());
  }
  return found;
}

void LaneQueue::Committed(Entry& entry, RowId row) {
  entry.row = row;
  entry.committed = true;
  Add(committed_, entry.batch);
}

void LaneQueue::DistrustStore() {
  for (const auto& entry : entries_) entry->committed = false;
  committed_ = {};
  committed_prefix_ = 0;
}

std::optional<BootTime> LaneQueue::OldestUncommitted() {
  while (committed_prefix_ < entries_.size() && entries_[committed_prefix_]->committed) {
    ++committed_prefix_;
  }
  if (committed_prefix_ == entries_.size()) return std::nullopt;
  return entries_[committed_prefix_]->batch.accepted;
}

void LaneQueue::Insert(std::size_t at, std::unique_ptr<Entry> entry) {
  Add(in_memory_, entry->batch);
  if (entry->committed) Add(committed_, entry->batch);
  memory_ += MemoryOf(entry->batch);
  leased_prefix_ = std::min(leased_prefix_, at);
  committed_prefix_ = std::min(committed_prefix_, at);
  entries_.insert(std::next(entries_.begin(), static_cast<std::ptrdiff_t>(at)), std::move(entry));
}

std::unique_ptr<LaneQueue::Entry> LaneQueue::Take(std::size_t at) {
  std::unique_ptr<Entry> entry = std::move(entries_[at]);
  entries_.erase(std::next(entries_.begin(), static_cast<std::ptrdiff_t>(at)));
  if (at < hole_) --hole_;
  if (at < leased_prefix_) --leased_prefix_;
  if (at < committed_prefix_) --committed_prefix_;
  Subtract(in_memory_, entry->batch);
  if (entry->committed) Subtract(committed_, entry->batch);
  memory_.count -= MemoryOf(entry->batch).count;
  if (entry->leased) Unlease(*entry);
  return entry;
}

std::optional<std::size_t> LaneQueue::Find(const BatchId& id) const {
  // Reports come in the order of publishing: it is among the first.
  const auto found =
      std::ranges::find_if(entries_, [&](const auto& entry) { return entry->batch.id == id; });
  if (found == entries_.end()) return std::nullopt;
  return static_cast<std::size_t>(std::distance(entries_.begin(), found));
}

}  // namespace fleet_edge::uplink
