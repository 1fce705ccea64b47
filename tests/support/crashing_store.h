#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// A store in memory that behaves as a disk does: what was not committed is forgotten when the
/// power goes, and any call may fail.
///
/// Outlives the outboxes of a test, as a disk outlives the agent's starts. One thread.
class CrashingStore : public Store {
 public:
  /// What may be planted, to show that a test would see it.
  enum class Bug {
    kNone,
    kAcknowledgesBeforeCommit,  ///< a commit reaches the disk with the next one only
  };

  explicit CrashingStore(Bug bug = Bug::kNone) : bug_(bug) {}

  /// The next commits fail so, one after another.
  void FailCommits(std::size_t times, Error error) { failures_.assign(times, std::move(error)); }

  /// Commits that leave more than this in it fail with kFull, unless they only erase.
  void set_quota(Bytes quota) { quota_ = quota; }

  /// The next load fails so.
  void FailLoad(Error error) { load_failure_ = std::move(error); }

  /// The next counts fail so, one after another.
  void FailCounts(std::deque<Error> errors) { count_failures_ = std::move(errors); }

  /// Everything that is not on the disk is gone. The outbox on it is gone, too: make a new one.
  void PowerCut() {
    unsynced_.reset();
    failures_.clear();
    load_failure_.reset();
    count_failures_.clear();
    now_ = disk_;
  }

  /// Flips a bit in the body of the row.
  void Damage(RowId id) { now_.rows.at(id).body.at(0) ^= 1; }

  /// The row tells another count of records than was committed.
  void Miscount(RowId id, std::uint32_t count) { now_.rows.at(id).count = count; }

  /// A damage that takes all of `meta`.
  void ForgetMeta() { now_.meta.clear(); }

  /// The row is gone, though the books have it.
  void Lose(RowId id) { now_.rows.erase(id); }

  std::uint64_t commits() const { return commits_; }
  std::uint64_t salvages() const { return salvages_; }
  std::size_t rows() const { return now_.rows.size(); }
  const std::vector<std::pair<BatchId, std::string>>& quarantined() const { return quarantined_; }

  Result<std::vector<RowId>> Commit(const Transaction& transaction) override {
    if (!failures_.empty()) {
      Error error = failures_.front();
      failures_.pop_front();
      return error;
    }
    if (!transaction.insert.empty() && SizeAfter(transaction) > quota_) {
      return Error{Error::Code::kFull, "quota used up"};
    }
    ++commits_;
    std::vector<RowId> ids;
    for (const auto& [first, last] : transaction.erase) {
      now_.rows.erase(now_.rows.lower_bound(first), now_.rows.upper_bound(last));
    }
    for (const auto& [batch, id] : transaction.insert) {
      ids.push_back(id == 0 ? ++last_id_ : id);
      now_.rows[ids.back()] = *batch;
    }
    for (const auto& [batch, reason] : transaction.quarantine) {
      quarantined_.emplace_back(batch->id, reason);
    }
    for (const auto& [key, value] : transaction.meta) now_.meta[key] = value;
    for (const auto& [key, growth] : transaction.counters) now_.counters[key] += growth;
    now_.totals = transaction.totals;
    Sync();
    return ids;
  }

  Result<std::vector<Row>> Load(Lane lane, RowId after, std::size_t max_rows,
                                Bytes max_bytes) override {
    if (load_failure_) return *std::exchange(load_failure_, std::nullopt);
    std::vector<Row> rows;
    Bytes bytes;
    for (auto row = now_.rows.upper_bound(after);
         row != now_.rows.end() && rows.size() < max_rows && bytes < max_bytes; ++row) {
      if (row->second.id.lane != lane) continue;
      const auto original = originals_.find(row->second.id);
      const bool intact =
          original == originals_.end() || (original->second.body == row->second.body &&
                                           original->second.count == row->second.count);
      rows.push_back({row->first, row->second, intact});
      bytes += {row->second.body.size()};
    }
    return rows;
  }

  Result<SalvageReport> Salvage() override {
    ++salvages_;
    now_.totals = {};
    for (const auto& [id, batch] : now_.rows) {
      LaneTotals& totals = now_.totals.at(static_cast<std::size_t>(batch.id.lane));
      ++totals.batches;
      totals.records += batch.count;
      totals.bytes += batch.body.size();
    }
    Sync();
    return SalvageReport{.aside = "aside", .lost = {}};
  }

  const std::optional<SalvageReport>& salvaged() const override { return salvaged_; }
  const Totals& totals() const override { return now_.totals; }

  Result<LaneTotals> Count(Lane lane, RowId after, RowId before) override {
    if (!count_failures_.empty()) {
      Error error = count_failures_.front();
      count_failures_.pop_front();
      return error;
    }
    LaneTotals totals;
    for (const auto& [id, batch] : now_.rows) {
      if (batch.id.lane != lane || id <= after || id >= before) continue;
      ++totals.batches;
      totals.records += batch.count;
      totals.bytes += batch.body.size();
    }
    return totals;
  }

  std::optional<std::string> Meta(const std::string& key) const override {
    if (const auto found = now_.meta.find(key); found != now_.meta.end()) return found->second;
    const auto counter = now_.counters.find(key);
    if (counter == now_.counters.end()) return std::nullopt;
    return std::to_string(counter->second);
  }

  Size size() const override {
    Size size;
    for (const auto& [id, batch] : now_.rows) size.used += {batch.body.size()};
    return size;
  }

  /// What each row must be: those that Damage() or Miscount() changed are then seen as damaged.
  void Remember(const Batch& batch) { originals_[batch.id] = batch; }

 private:
  struct Content {
    std::map<RowId, Batch> rows;
    std::map<std::string, std::string> meta;
    std::map<std::string, std::uint64_t> counters;
    Totals totals{};
  };

  Bytes SizeAfter(const Transaction& transaction) const {
    Bytes used = size().used;
    const auto leave = [&](RowId id) {
      const auto row = now_.rows.find(id);
      if (row != now_.rows.end()) used.count -= row->second.body.size();
    };
    for (const auto& [first, last] : transaction.erase) {
      for (RowId id = first; id <= last; ++id) leave(id);
    }
    for (const auto& [batch, id] : transaction.insert) {
      leave(id);
      used += {batch->body.size()};
    }
    return used;
  }

  void Sync() {
    if (bug_ == Bug::kAcknowledgesBeforeCommit) {
      if (unsynced_) disk_ = *unsynced_;
      unsynced_ = now_;
    } else {
      disk_ = now_;
    }
  }

  const Bug bug_;
  Content now_;   // what the running outbox sees
  Content disk_;  // what a power cut leaves
  std::optional<Content> unsynced_;
  RowId last_id_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t salvages_ = 0;
  Bytes quota_{std::numeric_limits<std::uint64_t>::max()};
  std::deque<Error> failures_;
  std::optional<Error> load_failure_;
  std::deque<Error> count_failures_;
  std::vector<std::pair<BatchId, std::string>> quarantined_;
  std::map<BatchId, Batch> originals_;
  std::optional<SalvageReport> salvaged_;
};

}  // namespace fleet_edge::uplink
