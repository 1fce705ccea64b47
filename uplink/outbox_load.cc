// How the outbox reads its tail back from disk.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/lane_queue.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

// What is loaded from disk at once: enough for a request, little beside the head.
constexpr Bytes kMaxLoad = KiB(256);

// Rows that are looked at at once.
constexpr std::size_t kMaxRows = 1'000;

}  // namespace

LaneQueue::Entry* Outbox::NextFree(Lane lane) {
  LaneQueue& lane_queue = queue(lane);
  for (;;) {
    if (LaneQueue::Entry* const entry = lane_queue.NextFree()) return entry;
    if (lane_queue.resting().batches == 0 || !Reload(lane)) return nullptr;
  }
}

bool Outbox::Rests(const LaneQueue& lane_queue, RowId row) const {
  return !erase_.Contains(row) && !lane_queue.Holds(row);
}

bool Outbox::Reload(Lane lane) {
  // What was acknowledged out of order can't be erased, the disk being read-only: no more is read
  // that would have to be remembered too.
  if (erase_.size() >= kMaxErase) return false;
  if (const auto counted = Recount(); !counted) {
    NoteLoadFailure(counted.error());
    return false;
  }
  LaneQueue& lane_queue = queue(lane);
  const Bytes room{limits_.memory.count / kLoadShare};
  while (Memory() + room > limits_.memory) {
    if (!Evict()) return false;  // what is in flight makes room when it is reported
  }
  const RowId before = lane_queue.before();
  const RowId after = lane_queue.after();
  // A quarter for bodies and a half for the last of them, a quarter for the bookkeeping.
  const std::uint64_t most = std::max<std::uint64_t>(room.count / 4 / MemoryOf({}).count, 1);
  const std::uint64_t count = std::min<std::uint64_t>(most, lane_queue.resting().batches);
  auto rows = store_.Load(lane, after, static_cast<std::size_t>(count),
                          std::min(kMaxLoad, Bytes{room.count / 4}));
  if (!rows) {
    NoteLoadFailure(rows.error());
    return false;
  }
  const BootTime now = clock_.Boot();
  for (Store::Row& row : *rows) {
    if (row.id >= before) break;  // it is in memory: some that rested are gone
    if (!Rests(lane_queue, row.id)) {
      lane_queue.Skip(row.id);
    } else if (row.intact) {
      row.batch.accepted = std::min(row.batch.accepted, now);  // an earlier boot's may lie ahead
      TakeLoaded(lane_queue, std::move(row));
    } else {
      SkipDamaged(lane_queue, std::move(row));
    }
  }
  if (lane_queue.after() > after) return true;
  // Rows are gone, or an index hides them: the salvage reads them one by one, and counts what is
  // not there.
  NoteMissing(lane);
  return false;
}

Result<Outbox::Page> Outbox::Look(Lane lane, RowId after) {
  auto rows = store_.Load(lane, after, kMaxRows, kMaxLoad);
  if (!rows) return rows.error();
  Page page;
  if (!rows->empty()) page.next = rows->back().id;
  std::erase_if(*rows, [this](const Store::Row& row) { return erase_.Contains(row.id); });
  page.rows = std::move(*rows);
  return page;
}

void Outbox::NoteLoadFailure(const Error& error) {
  error_ = error.message;
  // Asked for each turn; and a salvage that fails may have copied all but the end.
  if (error.code == Error::Code::kCorrupt && clock_.Boot() >= salvage_at_) SalvageStore();
}

void Outbox::TakeLoaded(LaneQueue& lane_queue, Store::Row row) {
  const Lane lane = row.batch.id.lane;
  const std::uint64_t has = row.batch.count;
  const std::uint64_t booked = lane_queue.AddLoaded(std::move(row));
  // A damaged row before it told another count than it had.
  if (has > booked) ledger_.Recover(has - booked);
  if (booked > has) BookDrop(lane, kCorrupt, booked - has);
}

void Outbox::SkipDamaged(LaneQueue& lane_queue, Store::Row row) {
  EraseRow(row.id, row.batch);
  row.batch.count = static_cast<std::uint32_t>(lane_queue.SkipLoaded(row));
  BookDrop(row.batch, kCorrupt);
  PutAside(std::move(row.batch), kCorrupt);
}

void Outbox::NoteMissing(Lane lane) {
  NoteLoadFailure({Error::Code::kCorrupt,
                   "batches of lane " + std::string(ToString(lane)) + " are missing on disk"});
}

}  // namespace fleet_edge::uplink
