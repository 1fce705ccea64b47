// What the outbox hands out to be published.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

#include "core/bytes.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"

namespace fleet_edge::uplink {
namespace {

TEST_CASE_FIXTURE(World, "Outbox: a lease is bounded in batches too, over all lanes") {
  Start start(store, hub, clock);
  start.Offer(Lane::kAlert);
  for (int n = 0; n < 5; ++n) start.Offer();
  const Outbox::Budget three{.total = MiB(1), .batches = 3, .backlog = {}};
  CHECK(Seqs(start.outbox.Lease(three)) == std::vector<std::uint64_t>{1, 1, 2});
  CHECK(Seqs(start.outbox.Lease(three)) == std::vector<std::uint64_t>{3, 4, 5});
}

/// Batches on disk, of which what the memory can't hold rests there alone.
struct Backlog : World {
  static constexpr Outbox::Limits kSmall{.memory = KiB(64)};
  static constexpr Outbox::Budget kHalf{
      .total = KiB(1), .backlog = {}, .telemetry = true, .live_share = 0.5};

  Backlog() : start(store, hub, clock, kSmall) {
    for (int n = 0; n < 400; ++n) start.Offer(Lane::kTelemetry, 256);
    REQUIRE(start.outbox.CommitAll());
  }

  Start start;
};

TEST_CASE_FIXTURE(Backlog, "Outbox: of a backlog the newest get their share of the bytes") {
  CHECK(Seqs(start.outbox.Lease(kHalf)) == std::vector<std::uint64_t>{1, 400, 2, 399});
  Outbox::Budget fifth = kHalf;
  fifth.total = Bytes{2'560};
  fifth.live_share = 0.2;
  CHECK(Seqs(start.outbox.Lease(fifth)) ==
        std::vector<std::uint64_t>{3, 398, 4, 5, 6, 7, 397, 8, 9, 10});
  CHECK(Seqs(start.outbox.Lease({.total = KiB(1), .backlog = {}})) ==
        std::vector<std::uint64_t>{11, 12, 13, 14});
}

TEST_CASE_FIXTURE(World,
                  "Outbox: without a backlog all goes in order, whatever the newest may get") {
  Start start(store, hub, clock);
  for (int n = 0; n < 4; ++n) start.Offer(Lane::kTelemetry, 256);
  CHECK(Seqs(start.outbox.Lease(Backlog::kHalf)) == std::vector<std::uint64_t>{1, 2, 3, 4});
}

TEST_CASE_FIXTURE(Backlog, "Outbox: what went out of turn is drained once, and lost by nobody") {
  const auto first = Ids(start.outbox.Lease(kHalf));
  std::vector<BatchId> in_flight = first;
  SUBCASE("and completed") {
    for (const BatchId& id : first) start.outbox.Complete(id);
  }
  SUBCASE("and came back, before anything else is new") {
    for (const BatchId& id : first) start.outbox.Return(id);
    CHECK(Ids(start.outbox.Lease(kHalf)).at(0).seq == 1);
  }
  SUBCASE("and is in flight while more comes to rest behind it") {
    for (int n = 0; n < 400; ++n) start.Offer(Lane::kTelemetry, 256);
    REQUIRE(start.outbox.CommitAll());
    SUBCASE("and comes back then") {
      for (const BatchId& id : first) start.outbox.Return(id);
    }
  }
  SUBCASE("and is not on disk when it goes") {
    const Batch fresh = start.Offer(Lane::kTelemetry, 256);
    const auto more = Ids(start.outbox.Lease(kHalf));
    CHECK(std::ranges::find(more, fresh.id) != more.end());
    in_flight.insert(in_flight.end(), more.begin(), more.end());
    clock.Advance(std::chrono::seconds{2});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
    CHECK(start.outbox.NextDue() > clock.Boot());
  }
  CHECK(start.BooksAreRight());
  std::set<BatchId> rest;
  for (auto leased = start.outbox.Lease(kHalf); !leased.empty();
       leased = start.outbox.Lease(kHalf)) {
    for (const BatchId& id : Ids(leased)) {
      CHECK(rest.insert(id).second);
      start.outbox.Complete(id);
    }
  }
  for (const BatchId& id : in_flight) start.outbox.Complete(id);
  CHECK(start.outbox.records() == 0);
  CHECK(start.BooksAreRight());

  store.PowerCut();
  // What was acknowledged without a commit comes again: at least once.
  Start again(store, hub, clock);
  std::set<BatchId> all;
  for (const BatchId& id : Drain(again)) CHECK(all.insert(id).second);
  for (std::uint64_t seq = 1; seq <= start.seqs[Lane::kTelemetry]; ++seq) {
    CHECK(all.contains({Lane::kTelemetry, start.epoch, seq}));
  }
  CHECK(again.BooksAreRight());
}

}  // namespace
}  // namespace fleet_edge::uplink
