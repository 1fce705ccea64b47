#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// The outbox's queue of one lane, oldest first. Some of it is in memory; a run in the middle may
/// be on disk alone:
///
///     front (in memory) | resting (rows of the store, only counted here) | back (in memory)
///
/// Batches enter at the back, are evicted from the back's oldest end to the resting run once they
/// are committed, and are loaded from there to the front's end. The newest may be leased out of
/// turn: from then on they are in memory beside the queue, until they are removed, and if they have
/// a row it is not of the resting run, though it may lie in it.
///
/// A part of Outbox, used under its rules. Entries keep their addresses until they are removed.
class LaneQueue {
 public:
  struct Entry {
    Batch batch;
    RowId row = 0;           ///< 0: never committed
    bool committed = false;  ///< survives a power cut
    bool leased = false;
  };

  /// `resting`: what the store holds of this lane at the start.
  explicit LaneQueue(LaneTotals resting) : resting_(resting) {}

  void Push(Batch batch);

  /// The oldest entry that is not leased; null when there is none in memory before the resting run.
  Entry* NextFree();

  void Lease(Entry& entry);

  /// What was leased out of turn and came back, the earliest first; else the newest entry behind
  /// the resting run, unless it is leased. Null: neither.
  Entry* NewestFree();

  /// Leases what NewestFree() returned, out of turn.
  void LeaseNewest(Entry& entry);

  /// The row may lie in the resting run, but is not of it: its batch is in memory before the run,
  /// or out of turn.
  bool Holds(RowId row) const;

  /// All such rows.
  std::vector<RowId> RowsHeld() const;

  /// False when it isn't here or not leased.
  bool Return(const BatchId& id);

  /// Takes the entry out. Nothing when it isn't here.
  std::optional<Entry> Remove(const BatchId& id);

  /// Takes the oldest entry out that is not leased and was never committed. Nothing when there is
  /// none.
  std::optional<Entry> RemoveUncommitted();

  /// Lets the body of the oldest committed entry that nobody needs soon go, to be loaded later.
  /// False when there is none.
  bool Evict();

  /// Adds the next row of the resting run, the one that follows after(), to the front. Returns how
  /// many records the run is less by; more or fewer than the row has when the books of the run,
  /// which a damaged row has upset, are put right.
  std::uint64_t AddLoaded(Store::Row row);

  /// The next row of the resting run is damaged: it is no longer counted here. Returns how many
  /// records the run is less by.
  std::uint64_t SkipLoaded(const Store::Row& row);

  /// The next row waits for its deletion, or is out of turn: it is not of the resting run.
  void Skip(RowId row) { after_ = row; }

  /// The ids between which the resting run lies, both exclusive.
  RowId after() const { return after_; }
  RowId before() const;

  const LaneTotals& resting() const { return resting_; }
  void set_resting(LaneTotals resting) { resting_ = resting; }

  /// What a commit must write.
  std::vector<Entry*> Uncommitted();

  /// A commit has written `entry` as `row`.
  void Committed(Entry& entry, RowId row);

  /// The store may have lost any row, and found others: what is in memory is to be written again,
  /// under its id, and the resting run begins with the store's first row that is not in memory.
  void DistrustStore();

  /// When the oldest batch that is not committed was accepted.
  std::optional<BootTime> OldestUncommitted();

  /// The oldest in memory; null when there is none.
  const Batch* oldest() const { return size() == 0 ? nullptr : &At(0).batch; }

  /// Something here, or in the resting run, is not leased.
  bool HasFree() const { return in_memory_.batches + resting_.batches > leased_batches_; }

  const LaneTotals& in_memory() const { return in_memory_; }
  const LaneTotals& committed_in_memory() const { return committed_; }
  Bytes memory() const { return memory_; }
  Bytes leased() const { return leased_; }

 private:
  using Entries = std::deque<std::unique_ptr<Entry>>;

  // Positions count the entries of front, back, and out of turn together.
  std::size_t size() const { return front_.size() + back_.size() + out_of_turn_.size(); }
  Entry& At(std::size_t at) const;

  void BookIn(const Entry& entry, std::size_t at);
  std::unique_ptr<Entry> Take(std::size_t at);
  void Unlease(Entry& entry);
  void SplitBehindLeased();
  void SkipCommitted();
  std::optional<std::size_t> Find(const BatchId& id) const;

  Entries front_;
  Entries back_;
  Entries out_of_turn_;
  RowId after_ = 0;
  RowId held_until_ = 0;  // rows up to here may be in memory though they are behind after_
  LaneTotals resting_;

  std::size_t leased_prefix_ = 0;     // all entries before it are leased
  std::size_t committed_prefix_ = 0;  // all entries before it are committed
  LaneTotals in_memory_;
  LaneTotals committed_;  // of in_memory_
  Bytes memory_{0};
  Bytes leased_{0};
  std::uint64_t leased_batches_ = 0;
};

}  // namespace fleet_edge::uplink
