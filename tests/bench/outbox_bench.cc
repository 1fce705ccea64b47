// What batches of a hundred readings cost in the outbox: with a hub that acknowledges, and without.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <ratio>
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
#include "uplink/store.h"

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

  /// Commits what waits, two seconds later; how long it took, in µs.
  double Commit() {
    clock.Advance(std::chrono::seconds{2});
    const auto begin = std::chrono::steady_clock::now();
    if (const auto done = outbox.CommitDue(clock.Boot()); !done) std::abort();  // the disk is full
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    return took.count();
  }

  const std::string body;
  TempFolder folder;
  HandClock clock;
  std::unique_ptr<SqliteStore> store;
  const Store::Size made = store->size();  // what the empty database cost
  Ledger ledger;
  EventBatcher status{Lane::kStatus, {.vehicle = "bench", .epoch = 1, .boot = 1}, clock};
  Outbox outbox{*store, status, ledger, clock, {}};
  std::uint64_t seq = 0;
};

/// Bytes written per byte of payload.
void ReportWritten(benchmark::State& state, const World& world) {
  const auto payload = static_cast<double>(world.seq * world.body.size());
  const Store::Size& before = world.made;
  const Store::Size size = world.store->size();
  const auto journal = static_cast<double>(size.journal.count - before.journal.count);
  const auto written = static_cast<double>(size.written.count - before.written.count);
  state.counters["journal"] = journal / payload;
  state.counters["database"] = (written - journal) / payload;
  state.counters["written"] = written / payload;
}

/// How long commits took, in µs.
void ReportCommits(benchmark::State& state, std::vector<double> took) {
  std::ranges::sort(took);
  state.counters["p50_us"] = took[took.size() / 2];
  state.counters["p99_us"] = took[took.size() * 99 / 100];
}

/// Offered, leased, acknowledged in time: nothing is written.
void Healthy(benchmark::State& state) {
  World world(state.range(0));
  for (auto _ : state) {
    world.Offer();
    world.DeliverAll();
    benchmark::DoNotOptimize(world.outbox.CommitDue(world.clock.Boot()));
  }
  state.SetItemsProcessed(state.iterations() * kReadings);
  ReportWritten(state, world);
}
BENCHMARK(Healthy)->Arg(200);

/// So many bytes are committed every two seconds of an outage; then all is delivered, untimed.
void OutageAndDrain(benchmark::State& state) {
  World world(state.range(0));
  std::vector<double> took;
  for (auto _ : state) {
    world.Offer();
    took.push_back(world.Commit());
  }
  while (world.outbox.records() > 0) {
    world.DeliverAll();
    world.Commit();
  }
  ReportWritten(state, world);
  ReportCommits(state, std::move(took));
}
BENCHMARK(OutageAndDrain)->Arg(200)->Iterations(4'000)->UseRealTime();
BENCHMARK(OutageAndDrain)->Arg(2'000)->Iterations(4'000)->UseRealTime();
BENCHMARK(OutageAndDrain)->Arg(20'000)->Iterations(1'000)->UseRealTime();
BENCHMARK(OutageAndDrain)->Arg(40'000)->Iterations(500)->UseRealTime();
BENCHMARK(OutageAndDrain)->Arg(100'000)->Iterations(200)->UseRealTime();

/// As fast as the disk takes them, so many batches of 200 bytes a commit.
void Flood(benchmark::State& state) {
  World world(200);
  std::vector<double> took;
  for (auto _ : state) {
    for (std::int64_t n = 0; n < state.range(0); ++n) world.Offer();
    took.push_back(world.Commit());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * kReadings);
  ReportWritten(state, world);
  ReportCommits(state, std::move(took));
}
BENCHMARK(Flood)->Arg(100)->Arg(1'000)->Iterations(100)->UseRealTime();

}  // namespace
}  // namespace fleet_edge::uplink
