// What the simulation found, each as a case of its own: bounds, books and deadlines of the outbox
// when the disk or what lies on it is not as it should be.
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/status.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::seconds;

TEST_CASE_FIXTURE(World, "Outbox: a tail of small batches is loaded within the memory's bound") {
  Outbox::Limits limits;
  limits.memory = KiB(64);
  {
    Start start(store, hub, clock, limits);
    for (int n = 0; n < 1'000; ++n) start.Offer(Lane::kTelemetry, 40);
    REQUIRE(start.outbox.CommitAll());
  }
  Start again(store, hub, clock, limits);
  std::size_t drained = 0;
  for (auto leased = again.outbox.Lease(kAll); !leased.empty(); leased = again.outbox.Lease(kAll)) {
    REQUIRE(again.outbox.status().memory <= limits.memory);
    drained += leased.size();
    for (const BatchId& id : Ids(leased)) again.outbox.Complete(id);
  }
  CHECK(drained == 1'000);
}

TEST_CASE_FIXTURE(World, "Outbox: a row that tells a wrong count upsets no books") {
  {
    Start start(store, hub, clock);
    for (int n = 0; n < 3; ++n) store.Remember(start.Offer());
    REQUIRE(start.outbox.CommitAll());
  }
  SUBCASE("fewer, in the middle") { store.Miscount(2, 3); }
  SUBCASE("more, in the middle") { store.Miscount(2, 25); }
  SUBCASE("fewer, at the end") { store.Miscount(3, 3); }
  Start again(store, hub, clock);
  CHECK(Drain(again).size() == 2);
  CHECK(again.outbox.records() == 0);
  CHECK(again.ledger.snapshot().acknowledged == 20);
  CHECK(again.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: the gap of a batch that was never written is due when it was") {
  Start start(store, hub, clock);
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  const Batch poison = start.Offer();
  clock.Advance(std::chrono::milliseconds{1'700});
  start.outbox.Lease(kAll);
  start.outbox.Quarantine(poison.id, "too large");
  CHECK(start.outbox.NextDue() < clock.Boot() + std::chrono::milliseconds{200});
  clock.Advance(std::chrono::milliseconds{100});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  store.PowerCut();
  CHECK(store.Meta(kGapsKey).value_or("").find("quarantined") != std::string::npos);
}

TEST_CASE_FIXTURE(World, "Outbox: a commit that failed is tried again within durable_within") {
  Outbox::Limits limits;
  limits.durable_within = std::chrono::milliseconds{500};
  Start start(store, hub, clock, limits);
  start.Offer();
  clock.Advance(limits.durable_within);
  store.FailCommits(1, {Error::Code::kRetry, "I/O error"});
  const BootTime next = start.uplink.Step();
  CHECK(next < clock.Boot() + limits.durable_within);
}

TEST_CASE_FIXTURE(World, "Outbox: over quota rows are dropped though the memory is full") {
  Outbox::Limits limits;
  limits.memory = KiB(32);
  limits.quota = KiB(40);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 500; ++n) {
    start.Offer();
    REQUIRE(start.outbox.status().memory <= limits.memory);
  }
  const auto books = start.ledger.snapshot();
  CHECK(books.dropped.contains({Lane::kTelemetry, "quota"}));
  CHECK_FALSE(books.dropped.contains({Lane::kTelemetry, "memory_full"}));
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: what is written again after a salvage takes no room anew") {
  Outbox::Limits limits;
  limits.quota = KiB(64);
  store.set_quota(limits.quota);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 150; ++n) start.Offer();
  REQUIRE(start.outbox.CommitAll());
  store.FailCommits(1, {Error::Code::kCorrupt, "malformed"});
  start.Offer();
  REQUIRE(start.outbox.CommitAll());
  CHECK(start.ledger.snapshot().dropped_total() == 0);
  CHECK(store.rows() == 151);
}

TEST_CASE_FIXTURE(World, "Outbox: damage that is found while a salvage is counted is salvaged") {
  Outbox::Limits limits;
  limits.memory = KiB(16);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 200; ++n) start.Offer();
  REQUIRE(start.outbox.CommitAll());
  store.FailCommits(1, {Error::Code::kCorrupt, "malformed"});
  store.FailCounts({{Error::Code::kRetry, "I/O error"},
                    {Error::Code::kRetry, "I/O error"},
                    {Error::Code::kCorrupt, "malformed"}});
  start.Offer();
  CHECK_FALSE(start.outbox.CommitAll());
  CHECK(start.outbox.CommitAll());
  CHECK(store.salvages() == 2);
  CHECK(store.rows() == 201);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: an alert costs no telemetry that is not on disk") {
  Outbox::Limits limits;
  limits.quota = KiB(16);
  store.set_quota(limits.quota);
  Start start(store, hub, clock, limits);
  while (start.outbox.status().disk < KiB(14)) start.Offer(Lane::kAlert);
  start.Offer(Lane::kTelemetry);
  for (int n = 0; n < 10; ++n) start.Offer(Lane::kAlert);
  const auto books = start.ledger.snapshot();
  CHECK(books.dropped.contains({Lane::kAlert, "quota"}));
  CHECK_FALSE(books.dropped.contains({Lane::kTelemetry, "quota"}));
  CHECK(start.outbox.status().error.empty());
}

TEST_CASE_FIXTURE(World, "Outbox: a full disk costs nothing on it") {
  Start start(store, hub, clock);
  for (int n = 0; n < 10; ++n) start.Offer();
  REQUIRE(start.outbox.CommitAll());
  store.FailCommits(5, {Error::Code::kRetry, "no space left on the disk"});
  for (int n = 0; n < 5; ++n) {
    start.Offer();
    clock.Advance(seconds{2});
    CHECK_FALSE(start.outbox.CommitDue(clock.Boot()));
  }
  CHECK(start.ledger.snapshot().dropped_total() == 0);
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(store.rows() == 15);
}

TEST_CASE_FIXTURE(World,
                  "Outbox: a start's number that no disk took is stored with a later commit") {
  store.FailCommits(1, {Error::Code::kRetry, "I/O error"});
  Start start(store, hub, clock);
  CHECK_FALSE(store.Meta(kEpochKey));
  start.Offer(Lane::kAlert);
  CHECK(store.Meta(kEpochKey) == std::to_string(start.epoch));
}

TEST_CASE_FIXTURE(World, "Outbox: a salvage counts no row that waits for its deletion") {
  Outbox::Limits limits;
  limits.memory = KiB(16);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 200; ++n) start.Offer();
  REQUIRE(start.outbox.CommitAll());
  for (const BatchId& id : Ids(start.outbox.Lease(kAll))) start.outbox.Complete(id);
  const std::uint64_t left = start.outbox.records();
  store.FailLoad({Error::Code::kCorrupt, "malformed"});
  for (const BatchId& id : Ids(start.outbox.Lease(kAll))) start.outbox.Return(id);
  CHECK(start.outbox.records() == left);
  CHECK(start.BooksAreRight());
  CHECK(Drain(start).size() * 10 == left);
}

}  // namespace
}  // namespace fleet_edge::uplink
