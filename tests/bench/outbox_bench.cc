// What a batch of a hundred readings costs in the outbox: with a hub that acknowledges, and
// without.
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "tests/support/temp_folder.h"
#include "uplink/batch.h"
#include "uplink/event_batcher.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/sqlite_store.h"

namespace fleet_edge::uplink {
namespace {

constexpr std::uint32_t kReadings = 100;

struct World {
  explicit World(std::int64_t body_size)
      : body(static_cast<std::size_t>(body_size), 'x'),
        store(std::move(SqliteStore::Open(folder.path().string(), MiB(512))).value()) {}

  void Offer() {
    ledger.Accept(kReadings);
    outbox.Offer({{.id = {Lane::kTelemetry, 1, ++seq},
                   .count = kReadings,
                   .time = clock.Now(),
                   .accepted = clock.Boot(),
                   .body = body}});
  }

  /// The hub acknowledges all that one lease hands out.
  void DeliverAll() {
    std::vector<BatchId> ids;
    for (const auto& leased : outbox.Lease({.total = KiB(256), .backlog = {}})) {
      ids.push_back(leased.batch->id);
    }
    for (const BatchId& id : ids) outbox.Complete(id);
  }

  const std::string body;
  TempFolder folder;
  HandClock clock;
  std::unique_ptr<SqliteStore> store;
  Ledger ledger;
  EventBatcher status{Lane::kStatus, {.vehicle = "bench", .epoch = 1, .boot = 1}, clock};
  Outbox outbox{*store, status, ledger, clock, {}};
  std::uint64_t seq = 0;
};

void Report(benchmark::State& state, const World& world) {
  state.SetItemsProcessed(state.iterations() * kReadings);
  state.counters["disk/payload"] = static_cast<double>(world.store->size().written.count) /
                                   static_cast<double>(world.seq * world.body.size());
}

/// Offered, leased, acknowledged in time: nothing is written.
void Healthy(benchmark::State& state) {
  World world(state.range(0));
  for (auto _ : state) {
    world.Offer();
    world.DeliverAll();
    benchmark::DoNotOptimize(world.outbox.CommitDue(world.clock.Boot()));
  }
  Report(state, world);
}
BENCHMARK(Healthy)->Arg(200);

/// A batch a second is committed in an outage, every two seconds; then all is delivered.
void OutageAndDrain(benchmark::State& state) {
  World world(state.range(0));
  for (auto _ : state) {
    world.Offer();
    world.clock.Advance(std::chrono::seconds{1});
    benchmark::DoNotOptimize(world.outbox.CommitDue(world.clock.Boot()));
  }
  while (world.outbox.records() > 0) {
    world.DeliverAll();
    world.clock.Advance(std::chrono::seconds{2});
    benchmark::DoNotOptimize(world.outbox.CommitDue(world.clock.Boot()));
  }
  Report(state, world);
}
BENCHMARK(OutageAndDrain)->Arg(200)->Arg(20'000);

}  // namespace
}  // namespace fleet_edge::uplink
