#include "uplink/outbox_window.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/support/crashing_store.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct World {
  CrashingStore store;
  FakeHub hub;
  HandClock clock;
  Start start{store, hub, clock};

  /// Asks while the uplink's worker runs.
  Result<Outbox::Page> Look(const OutboxWindow::Question& question) {
    const std::jthread worker([this](const std::stop_token& stop) { start.uplink.Run(stop); });
    return start.uplink.Look(question);
  }
};

std::vector<std::uint64_t> Seqs(const Outbox::Page& page) {
  std::vector<std::uint64_t> seqs;
  for (const Store::Row& row : page.rows) seqs.push_back(row.batch.id.seq);
  return seqs;
}

}  // namespace

TEST_CASE_FIXTURE(World, "OutboxWindow: what waits in memory is committed first, and shown") {
  start.publisher.set_up(false);
  start.Offer();
  start.Offer(Lane::kAlert);
  CHECK(store.rows() == 1);  // the alert
  const auto page = Look({.lane = Lane::kTelemetry, .settle = true});
  REQUIRE(page);
  CHECK(Seqs(*page) == std::vector<std::uint64_t>{1});
  const auto behind = start.outbox.Look(Lane::kTelemetry, page->next);
  REQUIRE(behind);
  CHECK(behind->rows.empty());
  CHECK(behind->next == 0);
}

TEST_CASE_FIXTURE(World, "OutboxWindow: what the hub has acknowledged is not shown") {
  const Batch first = start.Offer();
  start.Offer();
  REQUIRE(start.outbox.CommitAll());
  REQUIRE(start.outbox.Lease({.total = {1}, .backlog = {}}).size() == 1);
  start.outbox.Complete(first.id);
  REQUIRE(store.rows() == 2);  // it is erased with the next commit
  const auto page = start.outbox.Look(Lane::kTelemetry, 0);
  REQUIRE(page);
  CHECK(Seqs(*page) == std::vector<std::uint64_t>{2});
}

TEST_CASE_FIXTURE(World,
                  "OutboxWindow: a disk that takes no commit shows what it has, and why not all") {
  start.publisher.set_up(false);
  start.Offer(Lane::kAlert);
  start.Offer();
  store.FailCommits(5, {Error::Code::kRetry, "the disk is full"});
  const auto page = Look({.lane = Lane::kAlert, .settle = true});
  REQUIRE(page);
  CHECK(Seqs(*page) == std::vector<std::uint64_t>{1});
  CHECK(page->unsettled == "the disk is full");
}

TEST_CASE_FIXTURE(World, "OutboxWindow: who asks a worker that doesn't come is told so") {
  OutboxWindow window([] {});
  const auto page = window.Ask({}, milliseconds{1});
  REQUIRE_FALSE(page);
  CHECK(page.error().code == Error::Code::kRetry);
  window.Serve(start.outbox);  // nobody waits any more
}

}  // namespace fleet_edge::uplink
