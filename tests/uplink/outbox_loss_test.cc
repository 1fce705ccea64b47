// What the outbox can't keep, or can't read any more: counted, announced, and nothing else goes
// with it.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/gap_log.h"
#include "uplink/outbox.h"
#include "uplink/status.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE_FIXTURE(
    World,
    "Outbox: what is evicted lies behind what is in flight, and comes back once and in order") {
  Outbox::Limits limits;
  limits.memory = KiB(16);
  Start start(store, hub, clock, limits);
  std::vector<BatchId> offered;
  for (int n = 0; n < 30; ++n) offered.push_back(start.Offer().id);
  const auto leased = Ids(start.outbox.Lease(kAll));
  REQUIRE(leased.size() == 30);
  start.outbox.Return(leased[0]);
  for (int n = 0; n < 100; ++n) {
    offered.push_back(start.Offer().id);
    REQUIRE(start.outbox.status().memory <= limits.memory);
    // Completed while others are evicted, and deleted only by a later commit.
    if (n % 4 == 0) start.outbox.Complete(leased[1 + static_cast<std::size_t>(n) / 4]);
  }
  std::erase_if(offered, [&](const BatchId& id) {
    return std::ranges::find(leased.begin() + 1, leased.begin() + 26, id) != leased.begin() + 26;
  });
  for (std::size_t i = 26; i < leased.size(); ++i) start.outbox.Return(leased[i]);
  CHECK(Drain(start) == offered);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: rows that are gone don't bring those behind them twice") {
  Outbox::Limits limits;
  limits.memory = KiB(16);
  Start start(store, hub, clock, limits);
  std::vector<BatchId> offered;
  for (int n = 0; n < 100; ++n) offered.push_back(start.Offer().id);
  REQUIRE(start.outbox.CommitAll());
  store.Lose(10);
  store.Lose(11);
  offered.erase(offered.begin() + 9, offered.begin() + 11);
  CHECK(Drain(start) == offered);
  CHECK(start.ledger.snapshot().dropped.at({Lane::kTelemetry, "corrupt"}) == 20);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(
    World,
    "Outbox: when the disk fails the head drops the oldest telemetry, counted and announced") {
  Outbox::Limits limits;
  limits.memory = KiB(16);
  Start start(store, hub, clock, limits);
  store.FailCommits(1'000'000, {Error::Code::kRetry, "disk full"});
  start.Offer(Lane::kAlert);
  for (int n = 0; n < 200; ++n) start.Offer();
  const auto books = start.ledger.snapshot();
  const std::uint64_t dropped = books.dropped.at({Lane::kTelemetry, "memory_full"});
  CHECK(dropped > 0);
  CHECK(start.BooksAreRight());
  CHECK(start.outbox.status().memory <= limits.memory);

  store.FailCommits(0, {});
  const auto leased = Ids(start.outbox.Lease(kAll));
  CHECK(leased.front().lane == Lane::kAlert);
  for (const BatchId& id : leased) start.outbox.Complete(id);
  clock.Advance(seconds{5});
  const auto gaps = AnnouncedGaps(start);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].from_seq() == 1);
  CHECK(gaps[0].to_seq() * 10 == dropped);
  CHECK(gaps[0].records() == dropped);
  CHECK(gaps[0].topic() == "fleet.telemetry.v1");
}

TEST_CASE_FIXTURE(
    World, "Outbox: over quota the oldest telemetry goes, and one gap record tells of all of it") {
  Outbox::Limits limits;
  limits.quota = KiB(64);
  Start start(store, hub, clock, limits);
  start.Offer(Lane::kAlert);
  for (int n = 0; n < 1'000; ++n) {
    start.Offer();
    clock.Advance(milliseconds{500});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
    REQUIRE(store.size().used <= limits.quota);
  }
  const std::uint64_t dropped = start.ledger.snapshot().dropped.at({Lane::kTelemetry, "quota"});
  CHECK(dropped > 5'000);
  CHECK(start.BooksAreRight());
  CHECK(store.Meta("dropped.telemetry.quota") == std::to_string(dropped));

  const auto left = Drain(start);
  CHECK(left.front().lane == Lane::kAlert);
  CHECK(left[1].seq == dropped / 10 + 1);
  const auto gaps = AnnouncedGaps(start);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].from_seq() == 1);
  CHECK(gaps[0].to_seq() == dropped / 10);
}

TEST_CASE_FIXTURE(World, "Outbox: a gap that was not announced yet survives a power cut") {
  Outbox::Limits limits;
  limits.quota = KiB(64);
  {
    Start start(store, hub, clock, limits);
    for (int n = 0; n < 400; ++n) start.Offer();
    REQUIRE(start.outbox.CommitDue(clock.Boot() + seconds{2}));
    REQUIRE(start.ledger.snapshot().dropped_total() > 0);
  }
  store.PowerCut();
  Start again(store, hub, clock, limits);
  Drain(again);
  const auto gaps = AnnouncedGaps(again);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].epoch() < again.epoch);
}

TEST_CASE_FIXTURE(World,
                  "Outbox: an alert's commit does not forget a gap that is being announced") {
  {
    Start start(store, hub, clock);
    const Batch poison = start.Offer();
    const Batch sound = start.Offer();
    start.outbox.Lease(kAll);
    start.outbox.Quarantine(poison.id, "too large");
    start.outbox.Complete(sound.id);
    REQUIRE(start.outbox.CommitDue(clock.Boot()));  // seals the gap's record, is not due itself
    start.Offer(Lane::kAlert);
  }
  store.PowerCut();
  CHECK(store.rows() == 2);  // the alert and the gap's record
}

TEST_CASE_FIXTURE(World, "Outbox: what is completed makes room before anything is dropped") {
  Outbox::Limits limits;
  limits.quota = KiB(64);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 200; ++n) start.Offer();
  REQUIRE(start.outbox.CommitDue(clock.Boot() + seconds{2}));
  const auto dropped = start.ledger.snapshot().dropped_total();
  Drain(start);
  for (int n = 0; n < 150; ++n) start.Offer();
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(start.ledger.snapshot().dropped_total() == dropped);
}

TEST_CASE_FIXTURE(World,
                  "Outbox: poison is put aside, counted and announced; what follows it goes on") {
  Start start(store, hub, clock);
  const Batch poison = start.Offer();
  const Batch next = start.Offer();
  start.outbox.Lease(kAll);
  start.outbox.Quarantine(poison.id, "too large");
  start.outbox.Complete(next.id);
  CHECK(start.ledger.snapshot().dropped.at({Lane::kTelemetry, "quarantined"}) == 10);
  CHECK(start.BooksAreRight());
  clock.Advance(seconds{2});
  const auto gaps = AnnouncedGaps(start);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].reason() == "quarantined");
  REQUIRE(store.quarantined().size() == 1);
  CHECK(store.quarantined()[0] == std::pair{poison.id, std::string("too large")});
}

TEST_CASE_FIXTURE(World, "Outbox: a damaged row is put aside, and only that row") {
  {
    Start start(store, hub, clock);
    for (int n = 0; n < 3; ++n) store.Remember(start.Offer());
    REQUIRE(start.outbox.CommitAll());
  }
  store.Damage(2);
  Start again(store, hub, clock);
  const auto drained = Drain(again);
  REQUIRE(drained.size() == 2);
  CHECK(drained[0].seq == 1);
  CHECK(drained[1].seq == 3);
  CHECK(again.ledger.snapshot().dropped.at({Lane::kTelemetry, "corrupt"}) == 10);
  CHECK(again.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Outbox: rows that are gone are counted, and block nothing") {
  {
    Start start(store, hub, clock);
    for (int n = 0; n < 3; ++n) start.Offer();
    REQUIRE(start.outbox.CommitAll());
  }
  store.Lose(3);
  Start again(store, hub, clock);
  again.Offer();
  CHECK(Drain(again).size() == 3);
  CHECK(again.ledger.snapshot().dropped.at({Lane::kTelemetry, "corrupt"}) == 10);
  CHECK(again.BooksAreRight());
}

TEST_CASE_FIXTURE(World,
                  "Outbox: a database found damaged while running is salvaged, and what is in "
                  "memory written again") {
  Start start(store, hub, clock);
  for (int n = 0; n < 3; ++n) start.Offer();
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  store.Lose(2);
  start.Offer();
  clock.Advance(seconds{2});
  store.FailCommits(1, {Error::Code::kCorrupt, "malformed"});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(start.outbox.status().error.empty());
  CHECK(store.rows() == 4);
  CHECK(start.BooksAreRight());

  store.PowerCut();
  Start again(store, hub, clock);
  CHECK(Drain(again).size() == 4);
}

TEST_CASE_FIXTURE(World, "Outbox: what a salvage may have taken of `meta` is written again") {
  Outbox::Limits limits;
  limits.quota = KiB(64);
  Start start(store, hub, clock, limits);
  for (int n = 0; n < 400; ++n) start.Offer();
  clock.Advance(seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  REQUIRE(store.Meta(kGapsKey));
  store.ForgetMeta();
  start.Offer();
  clock.Advance(seconds{2});
  store.FailCommits(1, {Error::Code::kCorrupt, "malformed"});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(store.Meta(kEpochKey) == std::to_string(start.epoch));
  REQUIRE(store.Meta(kGapsKey));
  CHECK(GapLog(*store.Meta(kGapsKey)).size() == 1);
}

TEST_CASE_FIXTURE(World, "Outbox: an alert's commit after a salvage keeps the books of all") {
  {
    Start start(store, hub, clock);
    for (int n = 0; n < 3; ++n) start.Offer();
    REQUIRE(start.outbox.CommitAll());
    store.FailCommits(1, {Error::Code::kCorrupt, "malformed"});
    start.Offer(Lane::kAlert);
  }
  store.PowerCut();
  Start again(store, hub, clock);
  CHECK(Drain(again).size() == 4);
}

TEST_CASE_FIXTURE(World,
                  "Outbox: alerts that fail again and again don't put off the turn that tries "
                  "everything, and are told") {
  Start start(store, hub, clock);
  store.FailCommits(1'000, {Error::Code::kRetry, "disk full"});
  start.Offer(Lane::kAlert);
  const BootTime retry = start.outbox.NextDue();
  CHECK(retry == clock.Boot() + seconds{1});
  const auto told = start.outbox.CommitDue(clock.Boot());
  REQUIRE_FALSE(told);
  CHECK(told.error().message == "disk full");
  CHECK(start.outbox.CommitDue(clock.Boot()));  // once
  for (int n = 0; n < 3; ++n) {
    clock.Advance(milliseconds{300});
    start.Offer(Lane::kAlert);
    CHECK(start.outbox.NextDue() == retry);
  }
}

}  // namespace
}  // namespace fleet_edge::uplink
