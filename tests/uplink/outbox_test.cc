#include "uplink/outbox.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/status.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE_FIXTURE(World,
                  "Outbox: what nobody acknowledged survives a power cut after durable_within") {
  {
    Start start(store, hub, clock);
    start.Offer();
    clock.Advance(seconds{2});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
  }
  store.PowerCut();
  Start again(store, hub, clock);
  CHECK(Seqs(again.outbox.Lease(kAll)) == std::vector<std::uint64_t>{1});
  CHECK(again.ledger.snapshot().recovered == 10);
  CHECK(again.BooksAreRight());
}

TEST_CASE_FIXTURE(World,
                  "Outbox: the promise is kept before it is due, so that the disk has time") {
  Start start(store, hub, clock);
  start.Offer();
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(start.outbox.NextDue() > clock.Boot() + seconds{1});
  CHECK(start.outbox.NextDue() < clock.Boot() + seconds{2});
}

TEST_CASE_FIXTURE(
    World, "Outbox: a power cut before durable_within loses what was not yet due, and no more") {
  {
    Start start(store, hub, clock);
    start.Offer();
    clock.Advance(milliseconds{1'900});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
    start.Offer();
    clock.Advance(seconds{1});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
  }
  store.PowerCut();
  Start again(store, hub, clock);
  CHECK(Seqs(again.outbox.Lease(kAll)) == std::vector<std::uint64_t>{1});
}

TEST_CASE_FIXTURE(World,
                  "Outbox: an alert is committed with the alert state before Offer returns") {
  {
    Start start(store, hub, clock);
    const Batch alert = start.Make(Lane::kAlert);
    start.ledger.Accept(alert.count);
    start.outbox.Offer({alert}, "state");
  }
  store.PowerCut();
  CHECK(store.Meta(kAlertStateKey) == "state");
  Start again(store, hub, clock);
  CHECK(Seqs(again.outbox.Lease(kAll)) == std::vector<std::uint64_t>{1});
}

TEST_CASE_FIXTURE(World, "Outbox: an alert that could not be committed is tried again by itself") {
  Start start(store, hub, clock);
  store.FailCommits(1, {Error::Code::kRetry, "I/O error"});
  start.Offer(Lane::kAlert);
  CHECK(store.rows() == 0);
  CHECK(start.outbox.status().error == "I/O error");
  CHECK_FALSE(start.outbox.CommitDue(clock.Boot()));
  clock.Set(UtcTime{start.outbox.NextDue().time_since_epoch()});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(store.rows() == 1);
  CHECK(start.outbox.status().error.empty());
}

TEST_CASE_FIXTURE(World, "Outbox: while the link is healthy nothing is written") {
  Start start(store, hub, clock);
  const std::uint64_t commits = store.commits();
  for (int n = 0; n < 1'000; ++n) {
    const Batch batch = start.Offer();
    clock.Advance(seconds{1});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
    REQUIRE(start.outbox.Lease(kAll).size() == 1);
    start.outbox.Complete(batch.id);
  }
  CHECK(store.commits() == commits);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World,
                  "Outbox: the deletion of an alert writes no telemetry that is on its way") {
  Start start(store, hub, clock);
  start.outbox.Complete(start.Offer(Lane::kAlert).id);
  const std::uint64_t commits = store.commits();
  for (int n = 0; n < 100; ++n) {
    const Batch batch = start.Offer();
    REQUIRE(start.outbox.Lease(kAll).size() == 1);
    clock.Advance(milliseconds{100});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
    start.outbox.Complete(batch.id);
  }
  CHECK(store.commits() == commits + 1);
  CHECK(store.rows() == 0);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: one transaction commits all that waits") {
  Start start(store, hub, clock);
  for (int n = 0; n < 5; ++n) start.Offer();
  start.Offer(Lane::kStatus);
  const std::uint64_t commits = store.commits();
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(store.commits() == commits + 1);
  CHECK(store.rows() == 6);
}

TEST_CASE_FIXTURE(World,
                  "Outbox: deletions ride with the next commit, or go alone after durable_within") {
  Start start(store, hub, clock);
  start.Offer();
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  const std::uint64_t commits = store.commits();

  for (const BatchId& id : Ids(start.outbox.Lease(kAll))) start.outbox.Complete(id);
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(store.commits() == commits);
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(store.commits() == commits + 1);
  CHECK(store.rows() == 0);
  CHECK(store.totals() == Totals{});
}

TEST_CASE_FIXTURE(World, "Outbox: alerts go first, each lane oldest first, and nothing twice") {
  Start start(store, hub, clock);
  const Batch telemetry_1 = start.Offer();
  const Batch telemetry_2 = start.Offer();
  const Batch status = start.Offer(Lane::kStatus);
  const Batch alert = start.Offer(Lane::kAlert);
  CHECK(Ids(start.outbox.Lease(kAll)) ==
        std::vector{alert.id, status.id, telemetry_1.id, telemetry_2.id});
  CHECK(start.outbox.Lease(kAll).empty());
}

TEST_CASE_FIXTURE(World, "Outbox: what is returned keeps its place") {
  Start start(store, hub, clock);
  for (int n = 0; n < 3; ++n) start.Offer();
  for (const BatchId& id : Ids(start.outbox.Lease(kAll))) start.outbox.Return(id);
  CHECK(Seqs(start.outbox.Lease(kAll)) == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE_FIXTURE(World, "Outbox: completing twice counts once") {
  Start start(store, hub, clock);
  const Batch batch = start.Offer();
  start.outbox.Lease(kAll);
  start.outbox.Complete(batch.id);
  start.outbox.Complete(batch.id);
  CHECK(start.ledger.snapshot().acknowledged == 10);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: a lease without a report survives a power cut") {
  {
    Start start(store, hub, clock);
    start.Offer();
    start.outbox.Lease(kAll);
    clock.Advance(seconds{2});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
  }
  store.PowerCut();
  Start again(store, hub, clock);
  CHECK(again.outbox.Lease(kAll).size() == 1);
}

TEST_CASE_FIXTURE(World, "Outbox: a batch keeps the identity that an earlier start gave it") {
  std::uint64_t first_epoch = 0;
  {
    Start start(store, hub, clock);
    first_epoch = start.epoch;
    start.Offer();
    REQUIRE(start.outbox.CommitAll());
  }
  Start again(store, hub, clock);
  CHECK(again.epoch > first_epoch);
  again.Offer();
  const auto leased = Ids(again.outbox.Lease(kAll));
  CHECK(leased == std::vector<BatchId>{{Lane::kTelemetry, first_epoch, 1},
                                       {Lane::kTelemetry, again.epoch, 1}});
}

TEST_CASE_FIXTURE(World,
                  "Outbox: a full head is spilled, stays within its bound and keeps the order") {
  Outbox::Limits limits;
  limits.memory = KiB(64);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 2'000; ++n) {
    start.Offer();
    REQUIRE(start.outbox.status().memory <= limits.memory);
  }
  CHECK(start.outbox.records() == 20'000);
  CHECK(start.BooksAreRight());
  const auto drained = Drain(start);
  REQUIRE(drained.size() == 2'000);
  for (std::size_t i = 0; i < drained.size(); ++i) REQUIRE(drained[i].seq == i + 1);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: a large tail is drained in order with little memory") {
  Outbox::Limits limits;
  limits.memory = MiB(1);
  {
    Start start(store, hub, clock, limits);
    for (int n = 0; n < 3'000; ++n) start.Offer(Lane::kTelemetry, 2'000);
    start.Offer(Lane::kAlert);
    REQUIRE(start.outbox.CommitAll());
  }
  Start again(store, hub, clock, limits);
  CHECK(again.ledger.snapshot().recovered == 30'010);
  CHECK(again.outbox.status().memory.count == 0);
  again.Offer();
  const auto leased = Ids(again.outbox.Lease(kAll));
  CHECK(leased.front().lane == Lane::kAlert);
  CHECK(again.outbox.status().memory <= limits.memory);
  for (const BatchId& id : leased) again.outbox.Complete(id);
  const auto rest = Drain(again);
  CHECK(leased.size() + rest.size() == 3'002);
  CHECK(rest.back() == BatchId{Lane::kTelemetry, again.epoch, 1});
  CHECK(again.BooksAreRight());
}

TEST_CASE_FIXTURE(
    World, "Outbox: the backlog is leased within its budget, alerts and what is new without") {
  Start start(store, hub, clock);
  for (int n = 0; n < 10; ++n) start.Offer(Lane::kTelemetry, 1'000);
  REQUIRE(start.outbox.CommitAll());
  start.Offer(Lane::kAlert);
  const auto leased =
      start.outbox.Lease({.total = MiB(1), .backlog = Bytes{2'500}, .telemetry = true});
  CHECK(leased.size() == 4);
  CHECK_FALSE(leased[0].is_backlog);
  CHECK(leased[1].is_backlog);
}

TEST_CASE_FIXTURE(World, "Outbox: its status tells what is where") {
  Start start(store, hub, clock);
  start.Offer(Lane::kTelemetry, 1'000);
  REQUIRE(start.outbox.CommitAll());
  start.Offer(Lane::kTelemetry, 500);
  clock.Advance(seconds{1});
  const OutboxStatus status = start.outbox.status();
  CHECK(status.batches == 2);
  CHECK(status.records == 20);
  CHECK(status.committed_records == 10);
  CHECK(status.bytes == Bytes{1'500});
  CHECK(status.disk == Bytes{1'000});
  CHECK(status.oldest == seconds{1});
}

}  // namespace
}  // namespace fleet_edge::uplink
