#include "simulators/agents/memory_store.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/store.h"

namespace fleet_edge::agents {
namespace {

using uplink::Batch;
using uplink::Lane;
using uplink::RowId;

Batch Sealed(std::uint64_t seq, Lane lane = Lane::kTelemetry) {
  return {
      .id = {lane, 1, seq}, .count = 10, .time = {}, .accepted = {}, .body = std::string(100, 'x')};
}

std::vector<RowId> Commit(MemoryStore& store, const std::vector<Batch>& batches) {
  uplink::Store::Transaction transaction;
  for (const Batch& batch : batches) transaction.insert.push_back({.batch = &batch});
  const auto rows = store.Commit(transaction);
  REQUIRE(rows);
  return *rows;
}

TEST_CASE("Memory store: gives back what was committed, lane by lane, in order") {
  MemoryStore store(MiB(1));
  const std::vector<RowId> rows =
      Commit(store, {Sealed(1), Sealed(1, Lane::kAlert), Sealed(2), Sealed(3)});
  const auto loaded = store.Load(Lane::kTelemetry, rows[0], 10, MiB(1));
  REQUIRE(loaded);
  REQUIRE(loaded->size() == 2);
  CHECK(loaded->front().id == rows[2]);
  CHECK(loaded->front().batch.id.seq == 2);
  CHECK(loaded->front().batch.body == Sealed(2).body);
  const auto counted = store.Count(Lane::kTelemetry, rows[0], rows[3]);
  REQUIRE(counted);
  CHECK(*counted == uplink::LaneTotals{.batches = 1, .records = 10, .bytes = 100});
}

TEST_CASE("Memory store: loads no more than it was asked for") {
  MemoryStore store(MiB(1));
  Commit(store, {Sealed(1), Sealed(2), Sealed(3)});
  CHECK(store.Load(Lane::kTelemetry, 0, 2, MiB(1))->size() == 2);
  CHECK(store.Load(Lane::kTelemetry, 0, 10, Bytes{101})->size() == 2);
}

TEST_CASE("Memory store: is full at its quota, and takes more when some is erased") {
  MemoryStore store({uplink::MemoryOf(Sealed(1)).count * 2});
  const std::vector<RowId> rows = Commit(store, {Sealed(1), Sealed(2)});
  const Batch third = Sealed(3);
  uplink::Store::Transaction transaction{.insert = {{.batch = &third}}};
  const auto refused = store.Commit(transaction);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::kFull);
  transaction.erase = {{rows[0], rows[0]}};
  CHECK(store.Commit(transaction));
  CHECK(store.size().used == Bytes{uplink::MemoryOf(Sealed(1)).count * 2});
  CHECK(store.Load(Lane::kTelemetry, 0, 10, MiB(1))->front().batch.id.seq == 2);
}

TEST_CASE("Memory store: a row that is written again takes its own place") {
  MemoryStore store(MiB(1));
  const std::vector<RowId> rows = Commit(store, {Sealed(1)});
  const Bytes used = store.size().used;
  const Batch again = Sealed(1);
  const uplink::Store::Transaction transaction{.insert = {{.batch = &again, .id = rows[0]}}};
  REQUIRE(store.Commit(transaction));
  CHECK(store.size().used == used);
}

}  // namespace
}  // namespace fleet_edge::agents
