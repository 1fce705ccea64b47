#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::agents {

/// Stands for a simulated agent's disk: ten thousand databases would measure this machine's. Sealed
/// batches and nothing else: no agent here starts a second time, so what a start would ask for is
/// not kept.
///
/// Bounded by its quota, as the disk is: a commit beyond it fails with kFull, and the outbox drops
/// its oldest telemetry, counted. One thread.
class MemoryStore : public uplink::Store {
 public:
  explicit MemoryStore(Bytes quota) : quota_(quota) {}

  Result<std::vector<uplink::RowId>> Commit(const Transaction& transaction) override;
  Result<std::vector<Row>> Load(uplink::Lane lane, uplink::RowId after, std::size_t max_rows,
                                Bytes max_bytes) override;
  Result<SalvageReport> Salvage() override;
  const std::optional<SalvageReport>& salvaged() const override { return salvaged_; }
  const uplink::Totals& totals() const override { return totals_; }
  Result<uplink::LaneTotals> Count(uplink::Lane lane, uplink::RowId after,
                                   uplink::RowId before) override;
  std::optional<std::string> Meta(const std::string& key) const override;
  Size size() const override;

 private:
  Bytes Taken(const uplink::RowRun& run) const;
  void Erase(const uplink::RowRun& run);

  const Bytes quota_;
  std::map<uplink::RowId, uplink::Batch> rows_;
  Bytes used_;
  uplink::RowId last_id_ = 0;
  uplink::Totals totals_{};
  std::optional<SalvageReport> salvaged_;
};

}  // namespace fleet_edge::agents
