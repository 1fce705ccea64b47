#include "tests/simulation/simulated_store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::simulation {
namespace {

using std::chrono::milliseconds;
using uplink::RowId;

// A call that takes no longer than this share of durable_within is no trouble: the outbox is a
// tenth ahead, and some calls make a turn.
constexpr int kSwiftShare = 50;

std::vector<RowId> RowsOf(const std::vector<uplink::RowRun>& runs) {
  std::vector<RowId> rows;
  for (const auto& [first, last] : runs) {
    for (RowId row = first; row <= last; ++row) rows.push_back(row);
  }
  return rows;
}

}  // namespace

SimulatedStore::SimulatedStore(World& world, Disk& disk) : world_(world), disk_(disk) {
  if (disk_.corrupt) salvaged_ = Rescue();
}

std::optional<Error> SimulatedStore::Enter(std::string_view call, bool writes) {
  world_.MayDie(call);
  Duration takes = world_.chance.Between(Duration{50}, milliseconds{5});
  if (world_.Strikes(world_.scenario.hangs)) {
    takes = world_.chance.Between(milliseconds{10}, world_.scenario.longest_hang);
    world_.trace.Say("{} takes {:.3f} s", call, ToSeconds(takes));
  }
  if (takes > world_.scenario.limits.durable_within / kSwiftShare) {
    world_.NoteTrouble("slow", takes);
  }
  world_.pass_time(takes);
  if (disk_.corrupt) return Error{Error::Code::kCorrupt, "malformed"};
  const bool fails =
      world_.disk == World::DiskState::kFlaky && world_.Strikes(world_.scenario.call_fails);
  if (fails || (writes && world_.disk == World::DiskState::kReadOnly)) {
    // A load that fails keeps nobody from committing.
    if (call != "load") world_.NoteTrouble(call);
    return Error{Error::Code::kRetry, "I/O error"};
  }
  return std::nullopt;
}

Result<std::vector<RowId>> SimulatedStore::Commit(const Transaction& transaction) {
  for (const RowId id : RowsOf(transaction.erase)) {
    for (const auto& lane : disk_.seen().rows) {
      if (const auto row = lane.find(id); row != lane.end()) {
        world_.out_of_turn.insert(row->second->batch.id);
      }
    }
  }
  auto error = Enter("commit", true);
  const bool half_done = error && error->code == Error::Code::kRetry && !Refuse(transaction);
  if (!error) error = Refuse(transaction);
  std::vector<RowId> ids;
  Disk::Change change = ChangeOf(transaction, ids);
  if (error) {
    world_.trace.Say("commit fails: {}", error->message);
    disk_.ForgetHalf();  // this try has overwritten the one before
    if (half_done) disk_.WriteHalf(std::move(change));
    return *error;
  }
  world_.trace.Say("commit: erase {} insert {} meta {} counters {}; rows {}/{}/{}",
                   transaction.erase.size(), transaction.insert.size(), transaction.meta.size(),
                   transaction.counters.size(), transaction.totals[0].batches,
                   transaction.totals[1].batches, transaction.totals[2].batches);
  disk_.Write(std::move(change));
  disk_.Sync();
  // All of it is there, and nobody hears of it.
  world_.MayDie("commit, at its end");
  return ids;
}

std::optional<Error> SimulatedStore::Refuse(const Transaction& transaction) {
  if (world_.disk == World::DiskState::kFull && !transaction.insert.empty()) {
    world_.NoteTrouble("disk full");
    return Error{Error::Code::kRetry, "no space left on the disk"};
  }
  Bytes used = disk_.seen().used;
  const auto leave = [&](RowId id) {
    for (const auto& lane : disk_.seen().rows) {
      const auto row = lane.find(id);
      if (row != lane.end()) used.count -= DiskCost(row->second->batch).count;
    }
  };
  for (const RowId id : RowsOf(transaction.erase)) leave(id);
  for (const auto& [batch, id] : transaction.insert) {
    if (id != 0) leave(id);  // written again, in its own place
    used += DiskCost(*batch);
  }
  if (transaction.insert.empty() || OnPages(used) <= world_.scenario.limits.quota) {
    return std::nullopt;
  }
  return Error{Error::Code::kFull, "quota used up"};
}

Disk::Change SimulatedStore::ChangeOf(const Transaction& transaction, std::vector<RowId>& ids) {
  Disk::Change change{.erase = RowsOf(transaction.erase),
                      .insert = {},
                      .meta = transaction.meta,
                      .counters = transaction.counters,
                      .totals = transaction.totals};
  RowId last = disk_.seen().last_id;
  for (const auto& [batch, id] : transaction.insert) {
    ids.push_back(id == 0 ? ++last : id);
    change.insert.emplace_back(ids.back(), std::make_shared<const Disk::Row>(Disk::Row{*batch}));
  }
  return change;
}

Result<std::vector<SimulatedStore::Row>> SimulatedStore::Load(uplink::Lane lane, RowId after,
                                                              std::size_t max_rows,
                                                              Bytes max_bytes) {
  if (auto error = Enter("load", false)) return *error;
  const auto& stored = disk_.seen().rows.at(static_cast<std::size_t>(lane));
  std::vector<Row> rows;
  Bytes bytes;
  for (auto row = stored.upper_bound(after);
       row != stored.end() && rows.size() < max_rows && bytes < max_bytes; ++row) {
    rows.push_back({row->first, row->second->batch, row->second->intact});
    bytes += {rows.back().batch.body.size()};
  }
  world_.trace.Say("load: {} rows of lane {} after {}", rows.size(), ToString(lane), after);
  return rows;
}

Result<SimulatedStore::SalvageReport> SimulatedStore::Salvage() {
  const bool fails = world_.disk != World::DiskState::kSound && world_.Strikes(0.5);
  if (fails) world_.NoteTrouble("salvage");
  world_.MayDie("salvage");
  if (fails) return Error{Error::Code::kRetry, "can't be put aside"};
  return Rescue();
}

SimulatedStore::SalvageReport SimulatedStore::Rescue() {
  const uplink::Totals books = totals();
  disk_.Decay([this](Disk::Content& content) {
    for (auto& lane : content.rows) {
      std::vector<RowId> damaged;
      for (const auto& [id, row] : lane) {
        if (row->intact) continue;
        damaged.push_back(id);
        disk_.Destroy(row->batch);
      }
      for (const RowId id : damaged) content.Erase(id);
    }
    content.totals = content.Count();
  });
  SalvageReport report{.aside = "aside", .lost = {}};
  const auto missing = [](std::uint64_t had, std::uint64_t has) {
    return had > has ? had - has : 0;
  };
  for (std::size_t lane = 0; lane < books.size() && !disk_.books_dead; ++lane) {
    report.lost.at(lane) = {missing(books.at(lane).batches, totals().at(lane).batches),
                            missing(books.at(lane).records, totals().at(lane).records),
                            missing(books.at(lane).bytes, totals().at(lane).bytes)};
  }
  disk_.corrupt = false;
  disk_.books_dead = false;
  world_.trace.Say("salvaged: {}/{}/{} batches", totals()[0].batches, totals()[1].batches,
                   totals()[2].batches);
  return report;
}

Result<uplink::LaneTotals> SimulatedStore::Count(uplink::Lane lane, RowId after, RowId before) {
  if (auto error = Enter("count", false)) return *error;
  uplink::LaneTotals totals;
  for (const auto& [id, row] : disk_.seen().rows.at(static_cast<std::size_t>(lane))) {
    if (id <= after || id >= before) continue;
    ++totals.batches;
    totals.records += row->batch.count;
    totals.bytes += row->batch.body.size();
  }
  return totals;
}

std::optional<std::string> SimulatedStore::Meta(const std::string& key) const {
  const auto found = disk_.seen().meta.find(key);
  if (found != disk_.seen().meta.end()) return found->second;
  const auto counter = disk_.seen().counters.find(key);
  if (counter == disk_.seen().counters.end()) return std::nullopt;
  return std::to_string(counter->second);
}

Bytes SimulatedStore::OnPages(Bytes rows) const {
  const auto bytes = static_cast<double>(rows.count);
  return {static_cast<std::uint64_t>(bytes * (1 + world_.scenario.page_waste))};
}

SimulatedStore::Size SimulatedStore::size() const {
  const Bytes used = OnPages(disk_.seen().used);
  return {.used = used, .written = {}, .journal = {}};
}

}  // namespace fleet_edge::simulation
