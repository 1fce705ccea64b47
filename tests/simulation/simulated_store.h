#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/world.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::simulation {

/// A store on the simulated disk: every call may fail, hang, be half done or be the last one.
class SimulatedStore : public uplink::Store {
 public:
  /// Opens what is on the disk, and salvages it when it is damaged.
  SimulatedStore(World& world, Disk& disk);

  Result<std::vector<uplink::RowId>> Commit(const Transaction& transaction) override;
  Result<std::vector<Row>> Load(uplink::Lane lane, uplink::RowId after, std::size_t max_rows,
                                Bytes max_bytes) override;
  Result<SalvageReport> Salvage() override;
  const std::optional<SalvageReport>& salvaged() const override { return salvaged_; }
  const uplink::Totals& totals() const override { return disk_.seen().totals; }
  Result<uplink::LaneTotals> Count(uplink::Lane lane, uplink::RowId after,
                                   uplink::RowId before) override;
  std::optional<std::string> Meta(const std::string& key) const override;
  Size size() const override;

 private:
  /// What strikes each call; nothing when it may go on.
  std::optional<Error> Enter(std::string_view call, bool writes);
  std::optional<Error> Refuse(const Transaction& transaction);
  Disk::Change ChangeOf(const Transaction& transaction, std::vector<uplink::RowId>& ids);
  SalvageReport Rescue();
  Bytes OnPages(Bytes rows) const;

  World& world_;
  Disk& disk_;
  std::optional<SalvageReport> salvaged_;
};

}  // namespace fleet_edge::simulation
