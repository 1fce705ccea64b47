#pragma once

#include <zlib.h>

#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// A line of the driver: microseconds of this boot, what happened, to which batch (lane, epoch,
/// seq), its records and its body's crc.
inline void Tell(const char* what, const Batch& batch) {
  const auto now = SystemClock().Boot().time_since_epoch().count();
  const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(batch.body.data()),
                           static_cast<uInt>(batch.body.size()));
  std::printf("%" PRId64 " %s %s %" PRIu64 " %" PRIu64 " %" PRIu32 " %lu\n", now, what,
              std::string(ToString(batch.id.lane)).c_str(), batch.id.epoch, batch.id.seq,
              batch.count, crc);
}

/// Tells what is committed, once it is. Borrows the store that does it.
class TellingStore : public Store {
 public:
  explicit TellingStore(Store& store) : store_(store) { TellSalvaged(store_.salvaged()); }

  Result<std::vector<RowId>> Commit(const Transaction& transaction) override {
    auto rows = store_.Commit(transaction);
    if (rows) {
      for (const Insert& insert : transaction.insert) Tell("committed", *insert.batch);
    } else {
      std::printf("%" PRId64 " refused %s\n", SystemClock().Boot().time_since_epoch().count(),
                  rows.error().message.c_str());
    }
    return rows;
  }

  Result<std::vector<Row>> Load(Lane lane, RowId after, std::size_t max_rows,
                                Bytes max_bytes) override {
    return store_.Load(lane, after, max_rows, max_bytes);
  }

  Result<SalvageReport> Salvage() override {
    auto report = store_.Salvage();
    if (report) TellSalvaged(*report);
    return report;
  }

  const std::optional<SalvageReport>& salvaged() const override { return store_.salvaged(); }
  const Totals& totals() const override { return store_.totals(); }
  Result<LaneTotals> Count(Lane lane, RowId after, RowId before) override {
    return store_.Count(lane, after, before);
  }
  std::optional<std::string> Meta(const std::string& key) const override {
    return store_.Meta(key);
  }
  Size size() const override { return store_.size(); }

 private:
  void TellSalvaged(const std::optional<SalvageReport>& report) const {
    if (!report) return;
    const auto now = SystemClock().Boot().time_since_epoch().count();
    if (report->aside.empty()) {
      std::printf("%" PRId64 " late\n", now);
      return;
    }
    LaneTotals saved;
    LaneTotals lost;
    for (const LaneTotals& lane : store_.totals()) saved.batches += lane.batches;
    for (const LaneTotals& lane : report->lost) lost.batches += lane.batches;
    std::printf("%" PRId64 " salvaged %" PRIu64 " %" PRIu64 "\n", now, saved.batches, lost.batches);
  }

  Store& store_;
};

}  // namespace fleet_edge::uplink
