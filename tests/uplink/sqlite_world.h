#pragma once

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/support/temp_folder.h"
#include "uplink/batch.h"
#include "uplink/sqlite_store.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

namespace fs = std::filesystem;

/// A folder that goes with the test.
class Folder {
 public:
  Folder() { spdlog::set_level(spdlog::level::off); }

  std::string path() const { return folder_.path().string(); }
  std::string database() const { return folder_.Path("outbox.db"); }

  std::unique_ptr<SqliteStore> Open(Bytes quota = MiB(64)) const {
    auto store = SqliteStore::Open(path(), quota);
    if (!store) FAIL(store.error().message);
    return std::move(*store);
  }

 private:
  const TempFolder folder_;
};

inline Batch Make(std::uint64_t seq, Lane lane = Lane::kTelemetry, std::size_t size = 300) {
  return {.id = {lane, 7, seq},
          .count = 5,
          .time = UtcTime{Duration{1'700'000'000'000'000 + static_cast<std::int64_t>(seq)}},
          .accepted = BootTime{Duration{42}},
          .body = std::string(size, static_cast<char>('a' + seq % 26))};
}

/// Commits batches and keeps the books as the outbox does.
inline Result<std::vector<RowId>> Insert(Store& store, const std::vector<Batch>& batches) {
  Store::Transaction transaction;
  transaction.totals = store.totals();
  for (const Batch& batch : batches) {
    transaction.insert.push_back({&batch});
    LaneTotals& totals = transaction.totals.at(static_cast<std::size_t>(batch.id.lane));
    ++totals.batches;
    totals.records += batch.count;
    totals.bytes += batch.body.size();
  }
  return store.Commit(transaction);
}

/// For Transaction::erase.
inline std::vector<RowRun> Runs(const std::vector<RowId>& rows) {
  std::vector<RowRun> runs;
  for (const RowId row : rows) runs.push_back({row, row});
  return runs;
}

inline std::vector<Batch> Some(int count, std::size_t size = 300) {
  std::vector<Batch> batches;
  for (int n = 1; n <= count; ++n) {
    batches.push_back(Make(static_cast<std::uint64_t>(n), Lane::kTelemetry, size));
  }
  return batches;
}

inline std::vector<std::uint64_t> Seqs(Store& store, Lane lane = Lane::kTelemetry) {
  const auto rows = store.Load(lane, 0, 1'000'000, MiB(1'000));
  REQUIRE(rows);
  std::vector<std::uint64_t> seqs;
  for (const Store::Row& row : *rows) {
    if (row.intact) seqs.push_back(row.batch.id.seq);
  }
  return seqs;
}

}  // namespace fleet_edge::uplink
