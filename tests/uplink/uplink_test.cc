#include "uplink/uplink.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "tests/support/crashing_store.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct World {
  /// Turns the worker as time goes by, each time when it wants to be.
  void Run(Start& start, Duration span) {
    const UtcTime end = clock.Now() + span;
    while (clock.Now() < end) {
      const UtcTime next{start.uplink.Step().time_since_epoch()};
      clock.Set(std::clamp(next, clock.Now() + milliseconds{1}, end));
    }
    start.uplink.Step();
  }

  CrashingStore store;
  FakeHub hub;
  HandClock clock;
};

TEST_CASE_FIXTURE(World, "Uplink: what is handed over reaches the hub, and nothing is written") {
  Start start(store, hub, clock);
  const std::uint64_t commits = store.commits();
  std::vector<Batch> due;
  for (int n = 0; n < 100; ++n) {
    due.push_back(start.Push());
    Run(start, seconds{1});
  }
  CHECK(BrokenPromises(due, hub).empty());
  CHECK(hub.size() == 100);
  CHECK(store.commits() == commits);
  CHECK(start.BooksAreRight());
  CHECK(start.uplink.status().ledger.acknowledged == 1'000);
}

TEST_CASE_FIXTURE(World, "Uplink: telemetry waits for send_every, alerts don't") {
  Uplink::Options options;
  options.send_every = seconds{10};
  Start start(store, hub, clock, {}, options);
  start.Push();
  start.uplink.Step();
  CHECK(start.publisher.in_flight() == 1);
  start.Push();
  start.Push();
  start.uplink.Step();
  CHECK(start.publisher.in_flight() == 0);
  start.Push(Lane::kAlert);
  start.uplink.Step();
  CHECK(start.publisher.in_flight() == 1);
  Run(start, seconds{9});
  CHECK(hub.size() == 2);
  Run(start, seconds{2});
  CHECK(hub.size() == 4);
}

TEST_CASE_FIXTURE(World, "Uplink: a batch that was sealed late doesn't wait for send_every again") {
  Start start(store, hub, clock);
  start.Push();
  Run(start, milliseconds{100});  // an alert has shifted the sealing against the sending
  const std::uint64_t commits = store.commits();
  for (int n = 0; n < 20; ++n) {
    Batch batch = start.Make();
    batch.accepted -= seconds{1};  // the batch's max_age
    start.handover.Push(batch);
    Run(start, seconds{1});
  }
  CHECK(store.commits() == commits);
  CHECK(hub.size() == 21);
}

TEST_CASE_FIXTURE(World, "Uplink: an outage loses nothing, and everything arrives in order") {
  Start start(store, hub, clock);
  std::vector<Batch> due;
  start.publisher.set_up(false);
  for (int n = 0; n < 50; ++n) {
    due.push_back(start.Push());
    if (n % 10 == 0) due.push_back(start.Push(Lane::kAlert));
    Run(start, seconds{1});
    REQUIRE(start.BooksAreRight());
  }
  CHECK(hub.empty());
  start.publisher.set_up(true);
  Run(start, seconds{5});
  CHECK(BrokenPromises(due, hub).empty());
  CHECK(store.rows() == 0);
}

TEST_CASE_FIXTURE(World,
                  "Uplink: what comes back goes first, after a wait and after all reports are in") {
  Start start(store, hub, clock);
  std::vector<Batch> due;
  start.publisher.set_up(false);
  for (int n = 0; n < 5; ++n) due.push_back(start.Push());
  start.uplink.Step();
  REQUIRE(start.publisher.in_flight() == 5);
  start.publisher.ReportNext(2, Publisher::Outcome::kReturned);
  start.uplink.Step();
  due.push_back(start.Push());
  clock.Advance(seconds{60});
  start.uplink.Step();
  // Three are out still: publishing anything now would change the order.
  CHECK(start.publisher.in_flight() == 3);
  start.publisher.ReturnAll();
  const BootTime next = start.uplink.Step();
  CHECK(start.publisher.in_flight() == 0);
  CHECK(next > clock.Boot());
  start.publisher.set_up(true);
  Run(start, seconds{60});
  CHECK(BrokenPromises(due, hub).empty());
  CHECK(hub.size() == 6);
}

TEST_CASE_FIXTURE(World, "Uplink: a full queue of the publisher drops nothing") {
  Start start(store, hub, clock);
  start.publisher.set_room(3);
  std::vector<Batch> due;
  for (int n = 0; n < 20; ++n) due.push_back(start.Push());
  Run(start, seconds{10});
  CHECK(BrokenPromises(due, hub).empty());
  CHECK(hub.size() == 20);
}

TEST_CASE_FIXTURE(World, "Uplink: refusals of every kind are survived") {
  Start start(store, hub, clock);
  std::vector<Batch> due;
  for (int n = 0; n < 10; ++n) due.push_back(start.Push());
  SUBCASE("for now") {
    start.publisher.RefuseNext(3, {Error::Code::kRetry, "topic authorization failed"});
    Run(start, seconds{60});
  }
  SUBCASE("for good, by publish") {
    start.publisher.RefuseNext(1, {Error::Code::kDrop, "too large"});
    due.erase(due.begin());
    Run(start, seconds{60});
    CHECK(start.ledger.snapshot().dropped.at({Lane::kTelemetry, "quarantined"}) == 10);
  }
  SUBCASE("for good, by report") {
    start.publisher.ReportNext(1, Publisher::Outcome::kPoison);
    due.erase(due.begin());
    Run(start, seconds{60});
    CHECK(start.ledger.snapshot().dropped.at({Lane::kTelemetry, "quarantined"}) == 10);
  }
  CHECK(BrokenPromises(due, hub).empty());
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Uplink: events that the handover dropped are numbered and announced") {
  Start start(store, hub, clock);
  for (int n = 0; n < 1'003; ++n) start.handover.Report({});
  Run(start, seconds{10});
  const auto gaps = Gaps(hub);
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].topic() == "fleet.status.v1");
  CHECK(gaps[0].from_seq() == 1);
  CHECK(gaps[0].to_seq() == 3);
  CHECK(store.Meta("dropped.status.handover_full") == "3");
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Uplink: an orderly end commits before it waits for the hub") {
  Start start(store, hub, clock);
  start.publisher.set_up(false);
  start.Push();
  std::size_t rows = 0;
  start.publisher.on_close = [&] { rows = store.rows(); };
  start.uplink.Finish();
  CHECK(rows == 1);
}

TEST_CASE_FIXTURE(World, "Uplink: the backlog drains at backlog_rate, and alerts pass it by") {
  Uplink::Options options;
  options.backlog_rate = Bytes{1'000};
  Start start(store, hub, clock, {}, options);
  start.publisher.set_up(false);
  start.publisher.set_room(0);
  std::vector<Batch> due;
  for (int n = 0; n < 20; ++n) due.push_back(start.Push(Lane::kTelemetry, 500));
  Run(start, seconds{3});
  start.publisher.set_up(true);
  start.publisher.set_room(100);
  due.push_back(start.Push(Lane::kAlert));
  Run(start, seconds{5});
  CHECK(hub.front().id.lane == Lane::kAlert);
  CHECK(hub.size() >= 10);
  CHECK(hub.size() <= 15);
  Run(start, seconds{10});
  CHECK(BrokenPromises(due, hub).empty());
}

TEST_CASE_FIXTURE(World, "Uplink: an orderly end sends what it can and commits the rest") {
  std::vector<Batch> due;
  {
    Start start(store, hub, clock);
    due.push_back(start.Push());
    SUBCASE("link up") { start.publisher.set_up(true); }
    SUBCASE("link down") { start.publisher.set_up(false); }
    start.uplink.Finish();
    CHECK(start.BooksAreRight());
  }
  store.PowerCut();
  Start again(store, hub, clock);
  Run(again, seconds{5});
  CHECK(BrokenPromises(due, hub).empty());
  CHECK(hub.size() == 1);
}

TEST_CASE_FIXTURE(World,
                  "Uplink: events of the agent and gaps of the handover are numbered and sent") {
  Start start(store, hub, clock);
  fleet::v1::StatusEvent birth;
  birth.mutable_birth()->set_version("1");
  start.handover.Report(birth);
  while (start.ledger.snapshot().dropped_total() == 0) start.Push(Lane::kTelemetry, 60'000);
  Run(start, seconds{10});
  std::vector<fleet::v1::StatusEvent> events;
  for (const Batch& batch : hub) {
    if (batch.id.lane == Lane::kStatus) {
      REQUIRE(events.emplace_back().ParseFromString(batch.body));
    }
  }
  REQUIRE(events.size() == 2);
  CHECK(events[0].has_birth());
  CHECK(events[0].seq() == 1);
  CHECK(events[0].vehicle() == "v");
  CHECK(events[0].at_us() > 0);
  CHECK(events[1].gap().reason() == "handover_full");
  CHECK(events[1].gap().records() == 10);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(World, "Uplink: runs on its own thread, is woken by a push, ends at a stop") {
  Start start(store, hub, clock);
  std::jthread worker([&](const std::stop_token& stop) { start.uplink.Run(stop); });
  const Batch batch = start.Push();
  // The worker's clock stands still: only the doorbell can wake it.
  const SystemClock wall;
  const BootTime end = wall.Boot() + seconds{20};
  while (start.uplink.status().ledger.acknowledged < 10 && wall.Boot() < end) {
    start.publisher.Ring();
    std::this_thread::yield();
  }
  worker.request_stop();
  worker.join();
  CHECK(BrokenPromises({batch}, hub).empty());
}

}  // namespace
}  // namespace fleet_edge::uplink
