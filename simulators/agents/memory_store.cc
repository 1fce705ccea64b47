#include "simulators/agents/memory_store.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::agents {

using uplink::Lane;
using uplink::LaneTotals;
using uplink::RowId;

Result<std::vector<RowId>> MemoryStore::Commit(const Transaction& transaction) {
  Bytes more;
  for (const Insert& insert : transaction.insert) more += uplink::MemoryOf(*insert.batch);
  Bytes less;
  for (const uplink::RowRun& run : transaction.erase) less += Taken(run);
  if (!transaction.insert.empty() && used_ + more > quota_ + less) {
    return Error{Error::Code::kFull, "the simulated disk is full"};
  }
  for (const uplink::RowRun& run : transaction.erase) Erase(run);
  std::vector<RowId> ids;
  for (const auto& [batch, id] : transaction.insert) {
    if (id != 0) Erase({id, id});
    ids.push_back(id == 0 ? ++last_id_ : id);
    rows_.emplace(ids.back(), *batch);
    used_ += uplink::MemoryOf(*batch);
  }
  totals_ = transaction.totals;
  return ids;
}

Bytes MemoryStore::Taken(const uplink::RowRun& run) const {
  Bytes taken;
  for (auto row = rows_.lower_bound(run.first); row != rows_.end() && row->first <= run.last;
       ++row) {
    taken += uplink::MemoryOf(row->second);
  }
  return taken;
}

void MemoryStore::Erase(const uplink::RowRun& run) {
  used_.count -= Taken(run).count;
  rows_.erase(rows_.lower_bound(run.first), rows_.upper_bound(run.last));
}

Result<std::vector<MemoryStore::Row>> MemoryStore::Load(Lane lane, RowId after,
                                                        std::size_t max_rows, Bytes max_bytes) {
  std::vector<Row> rows;
  Bytes bytes;
  for (auto row = rows_.upper_bound(after);
       row != rows_.end() && rows.size() < max_rows && bytes < max_bytes; ++row) {
    if (row->second.id.lane != lane) continue;
    bytes += {row->second.body.size()};
    rows.push_back({.id = row->first, .batch = row->second});
  }
  return rows;
}

Result<MemoryStore::SalvageReport> MemoryStore::Salvage() { return SalvageReport{}; }

Result<LaneTotals> MemoryStore::Count(Lane lane, RowId after, RowId before) {
  LaneTotals totals;
  for (auto row = rows_.upper_bound(after); row != rows_.end() && row->first < before; ++row) {
    const uplink::Batch& batch = row->second;
    if (batch.id.lane != lane) continue;
    ++totals.batches;
    totals.records += batch.count;
    totals.bytes += batch.body.size();
  }
  return totals;
}

std::optional<std::string> MemoryStore::Meta(const std::string& /*key*/) const {
  return std::nullopt;
}

MemoryStore::Size MemoryStore::size() const {
  return {.used = used_, .written = {}, .journal = {}};
}

}  // namespace fleet_edge::agents
