// The promise as a whole, under outages and power cuts at moments that a seed chooses; and the
// proof that the check of it sees the bugs which it is there for.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/support/crashing_store.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/publisher.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A life of an agent whose power, link and disk come and go; what it broke of its promises.
std::vector<std::string> Live(unsigned seed, CrashingStore::Bug store_bug,
                              FakePublisher::Bug publisher_bug) {
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return std::uniform_int_distribution{0, n - 1}(random); };
  CrashingStore store(store_bug);
  FakeHub hub;
  HandClock clock;
  Outbox::Limits limits;
  limits.memory = KiB(32);
  std::vector<Batch> due;       // must arrive, whatever happens
  std::vector<Batch> accepted;  // by this start, oldest first
  std::vector<std::string> broken;

  auto start = std::make_unique<Start>(store, hub, clock, limits, Uplink::Options{}, publisher_bug);
  bool disk_failed = false;
  const auto power_cut = [&] {
    // Due is what is older than durable_within, and each alert that was offered; unless the disk
    // failed, which the promise does not cover.
    for (const Batch& batch : accepted) {
      const bool old = clock.Boot() - batch.accepted >= limits.durable_within;
      if (!disk_failed && (old || batch.id.lane == Lane::kAlert)) due.push_back(batch);
    }
    accepted.clear();
    start.reset();
    store.PowerCut();
    disk_failed = false;
    start = std::make_unique<Start>(store, hub, clock, limits, Uplink::Options{}, publisher_bug);
  };
  for (int turn = 0; turn < 300; ++turn) {
    if (pick(3) == 0) {
      accepted.push_back(start->Push(pick(20) == 0 ? Lane::kAlert : Lane::kTelemetry));
    }
    if (pick(10) == 0) start->publisher.set_up(pick(2) == 0);
    if (pick(30) == 0) start->publisher.ReturnAll();
    if (pick(60) == 0) {
      store.FailCommits(1, {Error::Code::kRetry, "I/O"});
      disk_failed = true;
    }
    start->uplink.Step();
    if (!start->BooksAreRight()) broken.emplace_back("I2: the books are wrong");
    if (start->outbox.status().memory > limits.memory) broken.emplace_back("I6: memory");
    if (pick(40) == 0) power_cut();
    clock.Advance(milliseconds{pick(300)});
    start->uplink.Step();
  }
  // Faults stop: everything that is left must arrive by itself (I4).
  start->publisher.set_up(true);
  store.FailCommits(0, {});
  due.insert(due.end(), accepted.begin(), accepted.end());
  for (int turn = 0; turn < 100; ++turn) {
    clock.Advance(seconds{1});
    start->uplink.Step();
  }
  if (start->outbox.records() != 0) broken.emplace_back("I4: does not drain");
  const auto more = BrokenPromises(due, hub);
  broken.insert(broken.end(), more.begin(), more.end());
  return broken;
}

TEST_CASE("Promise: held through outages, failing commits and power cuts at any moment") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const auto broken = Live(seed, CrashingStore::Bug::kNone, FakePublisher::Bug::kNone);
    CHECK_MESSAGE(broken.empty(), (broken.empty() ? "" : broken.front()));
  }
}

/// Whether one of some lives shows a loss.
bool IsCaught(CrashingStore::Bug store_bug, FakePublisher::Bug publisher_bug) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto broken = Live(seed, store_bug, publisher_bug);
    const auto is_loss = [](const std::string& what) { return what.starts_with("I1: lost"); };
    if (std::ranges::any_of(broken, is_loss)) return true;
  }
  return false;
}

TEST_CASE("Promise: a store that acknowledges before it commits is caught") {
  CHECK(IsCaught(CrashingStore::Bug::kAcknowledgesBeforeCommit, FakePublisher::Bug::kNone));
}

TEST_CASE("Promise: deleting on send is caught") {
  CHECK(IsCaught(CrashingStore::Bug::kNone, FakePublisher::Bug::kAcknowledgesOnSend));
}

}  // namespace
}  // namespace fleet_edge::uplink
