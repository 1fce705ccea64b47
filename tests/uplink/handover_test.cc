#include "uplink/handover.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <thread>

#include "core/bytes.h"
#include "core/clock.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"

namespace fleet_edge::uplink {
namespace {

Batch Make(std::uint64_t seq, Lane lane = Lane::kTelemetry, std::size_t size = 100) {
  return {
      .id = {lane, 1, seq}, .count = 2, .time = {}, .accepted = {}, .body = std::string(size, 'x')};
}

TEST_CASE("Handover: hands over everything that waits, in order, once") {
  Ledger ledger;
  Handover handover(MiB(1), ledger);
  handover.Push(Make(1));
  handover.Push({Make(1, Lane::kAlert)}, "state 1");
  handover.Push({Make(2, Lane::kAlert)}, "state 2");
  handover.Report({});
  handover.Audit(0);
  CHECK(ledger.snapshot().residual == 0);

  const auto load = handover.Take();
  REQUIRE(load.batches.size() == 3);
  CHECK(load.batches[0].id == BatchId{Lane::kTelemetry, 1, 1});
  CHECK(load.batches[2].id == BatchId{Lane::kAlert, 1, 2});
  CHECK(load.alert_state == "state 2");
  CHECK(load.reports.size() == 1);
  CHECK(ledger.snapshot().accepted == 6);
  handover.Audit(6);
  CHECK(ledger.snapshot().residual == 0);

  const auto nothing = handover.Take();
  CHECK(nothing.batches.empty());
  CHECK_FALSE(nothing.alert_state);
}

TEST_CASE(
    "Handover: beyond its memory the oldest telemetry goes, counted, as one gap; alerts stay") {
  Ledger ledger;
  Handover handover(KiB(4), ledger);
  handover.Push({Make(1, Lane::kAlert)}, "state");
  for (std::uint64_t seq = 1; seq <= 100; ++seq) handover.Push(Make(seq));
  const auto load = handover.Take();
  CHECK(load.batches.front().id.lane == Lane::kAlert);
  CHECK(load.batches.back().id.seq == 100);
  REQUIRE(load.gaps.size() == 1);
  CHECK(load.gaps[0].from_seq() == 1);
  CHECK(load.gaps[0].to_seq() == 101 - load.batches.size());
  CHECK(load.gaps[0].reason() == "handover_full");
  CHECK(load.gaps[0].records() == ledger.snapshot().dropped_total());
  CHECK(ledger.snapshot().queued == 2 * load.batches.size());
}

TEST_CASE("Handover: alerts alone are bounded too, and what goes is counted") {
  Ledger ledger;
  Handover handover(KiB(4), ledger);
  for (std::uint64_t seq = 1; seq <= 100; ++seq) handover.Push({Make(seq, Lane::kAlert)}, "state");
  const auto load = handover.Take();
  CHECK(load.batches.size() < 30);
  CHECK(load.batches.back().id.seq == 100);
  REQUIRE(load.gaps.size() == 1);
  CHECK(load.gaps[0].topic() == "fleet.alerts.v1");
  CHECK(load.gaps[0].to_seq() + load.batches.size() == 100);
  CHECK(ledger.snapshot().dropped.at({Lane::kAlert, "handover_full"}) == load.gaps[0].records());
}

TEST_CASE("Handover: of the agent's events the newest 1000 stay, the others are counted") {
  Ledger ledger;
  Handover handover(MiB(1), ledger);
  for (int n = 0; n < 1'003; ++n) handover.Report({});
  const auto load = handover.Take();
  CHECK(load.reports.size() == 1'000);
  CHECK(load.dropped_reports == 3);
  CHECK(ledger.snapshot().dropped.at({Lane::kStatus, "handover_full"}) == 3);
  CHECK(handover.Take().dropped_reports == 0);
}

TEST_CASE("Handover: a wait ends by a push, a wake, a stop or its deadline") {
  Ledger ledger;
  const SystemClock clock;
  Handover handover(MiB(1), ledger);
  const auto far = clock.Boot() + std::chrono::hours{1};
  SUBCASE("push before it") { handover.Push(Make(1)); }
  SUBCASE("wake before it") { handover.Wake(); }
  SUBCASE("report before it") { handover.Report({}); }
  SUBCASE("wake from another thread") {
    const std::jthread waker([&] { handover.Wake(); });
    handover.WaitUntil(far, clock, {});
    return;
  }
  SUBCASE("stop") {
    std::jthread waiter([&](const std::stop_token& stop) { handover.WaitUntil(far, clock, stop); });
    waiter.request_stop();
    return;
  }
  SUBCASE("deadline") {
    handover.WaitUntil(clock.Boot(), clock, {});
    return;
  }
  handover.WaitUntil(far, clock, {});
}

}  // namespace
}  // namespace fleet_edge::uplink
