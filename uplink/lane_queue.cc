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
  BookIn(*entry, front_.size() + back_.size());
  back_.push_back(std::move(entry));
}

LaneQueue::Entry& LaneQueue::At(std::size_t at) const {
  if (at < front_.size()) return *front_[at];
  at -= front_.size();
  return at < back_.size() ? *back_[at] : *out_of_turn_[at - back_.size()];
}

LaneQueue::Entry* LaneQueue::NextFree() {
  const std::size_t end = resting_.batches > 0 ? front_.size() : size();
  while (leased_prefix_ < end && At(leased_prefix_).leased) ++leased_prefix_;
  return leased_prefix_ < end ? &At(leased_prefix_) : nullptr;
}

void LaneQueue::Lease(Entry& entry) {
  entry.leased = true;
  leased_ += {entry.batch.body.size()};
  ++leased_batches_;
}

LaneQueue::Entry* LaneQueue::NewestFree() {
  const auto free =
      std::ranges::find_if(out_of_turn_, [](const auto& entry) { return !entry->leased; });
  if (free != out_of_turn_.end()) return free->get();
  const Entries& newest = back_.empty() && resting_.batches == 0 ? front_ : back_;
  return newest.empty() || newest.back()->leased ? nullptr : newest.back().get();
}

void LaneQueue::LeaseNewest(Entry& entry) {
  Entries& newest = back_.empty() ? front_ : back_;
  if (!newest.empty() && newest.back().get() == &entry) {
    out_of_turn_.push_front(std::move(newest.back()));
    newest.pop_back();
  }
  Lease(entry);
}

bool LaneQueue::Holds(RowId row) const {
  const auto is_row = [&](const auto& entry) { return entry->row == row; };
  return std::ranges::any_of(out_of_turn_, is_row) ||
         (row <= held_until_ && std::ranges::any_of(front_, is_row));
}

std::vector<RowId> LaneQueue::RowsHeld() const {
  std::vector<RowId> rows;
  for (const Entries* const entries : {&front_, &out_of_turn_}) {
    for (const auto& entry : *entries) {
      if (entry->row != 0) rows.push_back(entry->row);
    }
  }
  return rows;
}

void LaneQueue::Unlease(Entry& entry) {
  entry.leased = false;
  leased_.count -= entry.batch.body.size();
  --leased_batches_;
}

bool LaneQueue::Return(const BatchId& id) {
  const auto at = Find(id);
  if (!at || !At(*at).leased) return false;
  Unlease(At(*at));
  leased_prefix_ = std::min(leased_prefix_, *at);
  return true;
}

std::optional<LaneQueue::Entry> LaneQueue::Remove(const BatchId& id) {
  const auto at = Find(id);
  if (!at) return std::nullopt;
  return std::move(*Take(*at));
}

std::optional<LaneQueue::Entry> LaneQueue::RemoveUncommitted() {
  for (std::size_t at = 0; at < size(); ++at) {
    const Entry& entry = At(at);
    if (!entry.leased && entry.row == 0) return std::move(*Take(at));
  }
  return std::nullopt;
}

void LaneQueue::SplitBehindLeased() {
  while (!front_.empty() && !front_.back()->leased) {
    back_.push_front(std::move(front_.back()));
    front_.pop_back();
  }
  const auto leased = std::ranges::find_if(back_.rbegin(), back_.rend(),
                                           [](const auto& entry) { return entry->leased; });
  for (auto left = back_.rend() - leased; left > 0; --left) {
    front_.push_back(std::move(back_.front()));
    back_.pop_front();
  }
}

bool LaneQueue::Evict() {
  // Front and back are one: the run begins behind all that is in flight, so that nothing in the
  // back is ever leased or completed while the run is there.
  if (resting_.batches == 0) SplitBehindLeased();
  if (back_.empty()) return false;
  const Entry& entry = *back_.front();
  if (!entry.committed) return false;
  if (resting_.batches == 0) after_ = entry.row - 1;
  Add(resting_, entry.batch);
  Take(front_.size());
  return true;
}

std::uint64_t LaneQueue::AddLoaded(Store::Row row) {
  const std::uint64_t taken = SkipLoaded(row);
  auto entry = std::make_unique<Entry>();
  entry->batch = std::move(row.batch);
  entry->row = row.id;
  entry->committed = true;
  BookIn(*entry, front_.size());
  front_.push_back(std::move(entry));
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
  for (const auto& entry : back_) {
    if (entry->row != 0) return entry->row;
  }
  return std::numeric_limits<RowId>::max();
}

void LaneQueue::SkipCommitted() {
  while (committed_prefix_ < size() && At(committed_prefix_).committed) ++committed_prefix_;
}

std::vector<LaneQueue::Entry*> LaneQueue::Uncommitted() {
  SkipCommitted();
  std::vector<Entry*> found;
  for (std::size_t at = committed_prefix_; at < size(); ++at) {
    if (!At(at).committed) found.push_back(&At(at));
  }
  return found;
}

void LaneQueue::Committed(Entry& entry, RowId row) {
  entry.row = row;
  entry.committed = true;
  Add(committed_, entry.batch);
}

void LaneQueue::DistrustStore() {
  for (std::size_t at = 0; at < size(); ++at) At(at).committed = false;
  committed_ = {};
  committed_prefix_ = 0;
  held_until_ = std::max(held_until_, after_);
  after_ = 0;
}

std::optional<BootTime> LaneQueue::OldestUncommitted() {
  SkipCommitted();
  if (committed_prefix_ == size()) return std::nullopt;
  BootTime oldest = At(committed_prefix_).batch.accepted;
  for (const auto& entry : out_of_turn_) {
    if (!entry->committed) oldest = std::min(oldest, entry->batch.accepted);
  }
  return oldest;
}

void LaneQueue::BookIn(const Entry& entry, std::size_t at) {
  Add(in_memory_, entry.batch);
  memory_ += MemoryOf(entry.batch);
  leased_prefix_ = std::min(leased_prefix_, at);
  if (!entry.committed) {
    committed_prefix_ = std::min(committed_prefix_, at);
    return;
  }
  Add(committed_, entry.batch);
  if (at <= committed_prefix_) ++committed_prefix_;
}

std::unique_ptr<LaneQueue::Entry> LaneQueue::Take(std::size_t at) {
  Entries* entries = &front_;
  std::size_t place = at;
  for (Entries* const next : {&back_, &out_of_turn_}) {
    if (place < entries->size()) break;
    place -= entries->size();
    entries = next;
  }
  std::unique_ptr<Entry> entry = std::move((*entries)[place]);
  entries->erase(std::next(entries->begin(), static_cast<std::ptrdiff_t>(place)));
  if (at < leased_prefix_) --leased_prefix_;
  if (at < committed_prefix_) --committed_prefix_;
  Subtract(in_memory_, entry->batch);
  if (entry->committed) Subtract(committed_, entry->batch);
  memory_.count -= MemoryOf(entry->batch).count;
  if (entry->leased) Unlease(*entry);
  return entry;
}

std::optional<std::size_t> LaneQueue::Find(const BatchId& id) const {
  // Reports come in the order of sending.
  if (!front_.empty() && front_.front()->batch.id == id) return 0;
  const auto find = [&](const Entries& entries) {
    return std::ranges::lower_bound(entries, id, {},
                                    [](const auto& entry) { return entry->batch.id; });
  };
  const auto holds = [&](const Entries& entries, const Entries::const_iterator& found) {
    return found != entries.end() && (*found)->batch.id == id;
  };
  if (const auto found = find(front_); holds(front_, found)) {
    return static_cast<std::size_t>(found - front_.begin());
  }
  if (const auto found = find(back_); holds(back_, found)) {
    return front_.size() + static_cast<std::size_t>(found - back_.begin());
  }
  for (std::size_t at = front_.size() + back_.size(); at < size(); ++at) {
    if (At(at).batch.id == id) return at;
  }
  // After a clock that was set back, with the last epoch unreadable, ids may be out of order; and
  // what left out of turn was written last.
  for (std::size_t at = 0; at < front_.size() + back_.size(); ++at) {
    if (At(at).batch.id == id) return at;
  }
  return std::nullopt;
}

}  // namespace fleet_edge::uplink
