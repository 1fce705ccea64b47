#include "agent/pipeline/pipeline.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "agent/pipeline/judge.h"
#include "agent/pipeline/quality_gate.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "tests/agent/pipeline_world.h"
#include "tests/support/batch_decoder.h"
#include "uplink/batch.h"
#include "uplink/batcher.h"
#include "uplink/handover.h"
#include "uplink/ledger.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using uplink::Lane;

TEST_CASE("Pipeline: what is sealed says whether the clock is in step with UTC") {
  for (const bool synced : {false, true}) {
    CAPTURE(synced);
    World world;
    world.synced = synced;
    world.Drive(3, 110);
    fleet::v1::AlertEvent alert;
    REQUIRE_FALSE(world.Taken(Lane::kAlert).empty());
    REQUIRE(alert.ParseFromString(world.Taken(Lane::kAlert).front().body));
    CHECK(alert.clock_synced() == synced);
    fleet::v1::TelemetryBatch telemetry;
    REQUIRE(telemetry.ParseFromString(world.Taken(Lane::kTelemetry).back().body));
    CHECK(telemetry.clock_synced() == synced);
  }
}

TEST_CASE(
    "Pipeline: readings become alerts for the driver and the hub, and results of recording rules") {
  World world;
  world.Drive(5, 90);
  CHECK(world.States() == "");
  world.Drive(20, 120);
  CHECK(world.States() == "FIRING ");
  world.Drive(20, 90);
  CHECK(world.States() == "FIRING RESOLVED ");
  CHECK(world.display.topics.front() == "alerts/Hot");
  world.pipeline.Finish();
  const std::uint64_t recorded = world.TelemetryRecords() - 45;
  CHECK(recorded >= 43);
  CHECK(recorded <= 45);
}

TEST_CASE("Pipeline: the driver is told before anything is handed to the uplink") {
  World world;
  bool told_first = false;
  world.display.on_put = [&] { told_first = world.Taken(Lane::kAlert).empty(); };
  world.Drive(20, 120);
  CHECK(told_first);
  CHECK(world.States() == "FIRING ");
}

TEST_CASE("Pipeline: an alert takes the state it leaves behind along, and seals the open batch") {
  World world;
  world.Drive(1, 120);
  world.clock.Advance(milliseconds{10});
  world.Push(121);
  world.clock.Advance(milliseconds{490});
  REQUIRE(world.batcher.Due() > world.clock.Boot());  // not by its age
  world.Step();
  const uplink::Handover::Load load = world.handover.Take();
  REQUIRE(load.alert_state);
  CHECK(*load.alert_state == world.judge.engine().SaveState());
  const auto telemetry = std::ranges::count(
      load.batches, Lane::kTelemetry, [](const uplink::Batch& batch) { return batch.id.lane; });
  CHECK(telemetry == 1);
  CHECK_FALSE(world.batcher.Due());
}

TEST_CASE("Pipeline: a late reading is counted and uplinked, and changes nothing") {
  World world;
  world.Drive(20, 90);
  world.Push(500 - 300, seconds{15});
  world.Step();
  world.pipeline.Finish();
  CHECK(world.counters
            .Get(kInputRejectedTotal,
                 {{"driver", "probes"}, {"reason", "late"}, {"signal", "engine_coolant_celsius"}})
            .value() == 1);
  CHECK(world.States() == "");
}

TEST_CASE("Pipeline: what is not good is uplinked and kept out of rules") {
  World world;
  world.Drive(3, 90);
  for (int i = 0; i < 50; ++i) world.Push(10'000);
  world.Drive(3, 90);
  CHECK(world.States() == "");
  world.pipeline.Finish();
  std::uint64_t out_of_range = 0;
  for (const uplink::Batch& batch : world.Taken(Lane::kTelemetry)) {
    fleet::v1::TelemetryBatch body;
    REQUIRE(body.ParseFromString(batch.body));
    for (const DecodedReading& reading : Decode(body)) {
      if (reading.quality == fleet::v1::QUALITY_OUT_OF_RANGE) ++out_of_range;
    }
  }
  CHECK(out_of_range == 50);
}

TEST_CASE(
    "Pipeline: it asks to be called when the open batch, an instant or the look after things is "
    "due") {
  World world;
  CHECK(world.Step() <= world.clock.Boot() + seconds{1});
  world.Push(90);
  world.clock.Advance(milliseconds{100});
  const BootTime next = world.Step();
  CHECK(next > world.clock.Boot());
  CHECK(next <= world.clock.Boot() + milliseconds{500});  // the instant of this second, 500 ms late
}

TEST_CASE("Pipeline: every accepted reading is in a batch when it ends") {
  World world;
  std::stop_source stop;
  for (int i = 0; i < 777; ++i) world.Push(90);
  stop.request_stop();
  world.pipeline.Run(stop.get_token());
  CHECK(world.TelemetryRecords() == 777);
  CHECK(world.ledger.snapshot().accepted == 777);
  CHECK(world.counters.Get(kReadingsTotal, {{"quality", "good"}}).value() == 777);
}

TEST_CASE("Pipeline: readings that the queue dropped are counted") {
  World world(10);
  for (int i = 0; i < 25; ++i) world.Push(90);
  world.clock.Advance(seconds{1});
  world.Step();
  CHECK(world.counters.Get(kInputRejectedTotal, {{"reason", "queue_full"}}).value() == 15);
}

TEST_CASE("Pipeline: reloading the same rules keeps a firing alert as it is") {
  World world;
  world.Drive(20, 120);
  world.Reload(kHot);
  world.Drive(5, 120);
  CHECK(world.States() == "FIRING ");
}

TEST_CASE("Pipeline: an alert whose rule a reload takes away is resolved, on the display too") {
  World world;
  world.Drive(20, 120);
  CHECK(world.States() == "FIRING ");
  world.Reload("groups: []");
  world.Drive(1, 120);
  CHECK(world.States() == "FIRING RESOLVED ");
  world.clock.Advance(seconds{40});
  world.Step();
  CHECK(world.display.topics == std::vector<std::string>(3, "alerts/Hot"));
}

TEST_CASE("Pipeline: what fires is shown again at the start, and its state goes with the stop") {
  World before;
  before.Drive(20, 120);
  before.handover.Take();
  before.pipeline.Finish();
  const std::optional<std::string> state = before.handover.Take().alert_state;
  REQUIRE(state);
  World after;
  REQUIRE(after.judge.engine().RestoreState(*state));
  std::stop_source stop;
  stop.request_stop();
  after.pipeline.Run(stop.get_token());
  CHECK(after.display.topics == std::vector<std::string>{"alerts/Hot"});
  CHECK(after.States() == "");
}

TEST_CASE("Pipeline: a series that its driver calls stale has ended for the rules") {
  World world;
  world.Reload(
      "groups: [{name: g, interval: 1s, lateness: 500ms, rules: [{alert: Seen, expr: "
      "engine_coolant_celsius}]}]");
  world.Drive(2, 90);
  CHECK(world.States() == "FIRING ");
  world.readings.Push({.series = world.series.Find("engine_coolant_celsius", {}),
                       .time = world.clock.Now(),
                       .value = 90,
                       .quality = Quality::kStale,
                       .driver = 1});
  world.clock.Advance(seconds{2});
  world.Step();
  CHECK(world.States() == "FIRING RESOLVED ");
}

TEST_CASE("Pipeline: reloaded rules are judged from the next round on") {
  World world;
  std::string cooler = kHot;
  cooler.replace(cooler.find("105"), 3, "60");
  world.Drive(3, 90);
  CHECK(world.States() == "");
  world.Reload(cooler);
  world.Drive(3, 90);
  CHECK(world.States() == "FIRING ");
}

TEST_CASE(
    "Pipeline: a step of the clock is counted and reported, and rules go on in the new time") {
  for (const Duration step :
       {Duration(seconds{-3600}), Duration(std::chrono::hours{24 * 365 * 30})}) {
    CAPTURE(step.count());
    World world;
    world.Drive(20, 120);
    world.clock_step = step;
    world.clock.Advance(seconds{1});
    world.Step();
    const uplink::Handover::Load load = world.handover.Take();
    REQUIRE(load.reports.size() == 1);
    CHECK(load.reports[0].clock_step().step_us() == step.count());
    CHECK(world.counters.Sum("fleet_edge_clock_steps_total") == 1);
    world.Drive(20, 90);
    CHECK(world.States().ends_with("RESOLVED "));
  }
}

TEST_CASE("Pipeline: the same readings give the same alerts, however they are cut into rounds") {
  const auto states = [](int readings_a_round) {
    World world;
    for (int i = 0; i < 300; ++i) {
      world.Push(i % 100 < 40 ? 120 : 80);
      world.clock.Advance(milliseconds{100});
      if (i % readings_a_round == 0) world.Step();
    }
    world.clock.Advance(seconds{1});
    world.Step();
    std::string events;
    for (const uplink::Batch& batch : world.Taken(Lane::kAlert)) {
      fleet::v1::AlertEvent event;
      REQUIRE(event.ParseFromString(batch.body));
      events += event.ShortDebugString() + "\n";
    }
    return events;
  };
  const std::string one_by_one = states(1);
  CHECK(!one_by_one.empty());
  CHECK(states(7) == one_by_one);
  CHECK(states(100) == one_by_one);
}

}  // namespace
}  // namespace fleet_edge::agent
