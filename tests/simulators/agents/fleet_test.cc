#include "simulators/agents/fleet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "simulators/agents/fleet_rules.h"
#include "simulators/agents/hub_line.h"
#include "simulators/alert_rule.h"
#include "simulators/fleet_plan.h"
#include "simulators/fleet_vehicle.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/report.h"
#include "simulators/topics.h"
#include "simulators/verifier.h"
#include "tests/simulators/agents/fake_producer.h"
#include "uplink/kafka_producer.h"

namespace fleet_edge::agents {
namespace {

using simulators::HubRecord;
using simulators::Report;
using std::chrono::seconds;

constexpr std::uint32_t kVehicles = 20;

Fleet::Options OptionsFor(std::uint32_t measured_s) {
  Fleet::Options options;
  options.plan = {
      .vehicles = kVehicles, .start = UtcTime{seconds{1'700'000'000}}, .seconds = measured_s};
  options.rules = {{"built in", std::string(FleetRules())}};
  return options;
}

/// A fleet and the hub that it sends to.
struct World {
  explicit World(const Fleet::Options& chosen) : options(chosen) {}

  void RunFor(Duration time) {
    for (const Duration until = fleet.elapsed() + time; fleet.elapsed() < until;) fleet.Step();
  }

  /// False: it doesn't come to an end within an hour.
  bool RunToEnd() {
    while (!fleet.done() && fleet.elapsed() < seconds{3600}) fleet.Step();
    return fleet.done();
  }

  Report Verified() const {
    simulators::Verifier verifier({});
    verifier.Add(options.plan);
    simulators::LedgerStart start{.at = options.plan.start, .seed = 1, .alerts = {}};
    for (const auto& rule : simulators::kTankerAlerts) start.alerts.emplace_back(rule.alert);
    verifier.Add(start);
    for (const HubRecord& record : hub.records) verifier.Add(record);
    verifier.Add(
        simulators::LedgerEnd{.at = fleet.measured_until(), .messages = 0, .unacknowledged = {}});
    return verifier.Compare();
  }

  std::size_t Records(std::string_view topic) const {
    return static_cast<std::size_t>(std::ranges::count(hub.records, topic, &HubRecord::topic));
  }

  const Fleet::Options options;
  FakeHub hub;
  HubLine line{[this](uplink::KafkaProducer::Listener& listener)
                   -> Result<std::unique_ptr<uplink::KafkaProducer>> {
    return {std::make_unique<FakeProducer>(hub, listener)};
  }};
  Fleet fleet{options, line};
};

TEST_CASE("Fleet: what agents send holds, troubles and their alerts included") {
  World world(OptionsFor(320));
  REQUIRE(world.RunToEnd());
  const Report report = world.Verified();
  CHECK(report.Holds());
  CHECK(report.readings.expected == kVehicles * 320 * simulators::kFleetSeries);
  CHECK(report.alerts.expected >= kVehicles);
  // As real agents: a birth and a death, a batch each ten seconds, and one with each alert.
  CHECK(world.Records(simulators::kStatusTopic) == 2 * kVehicles);
  CHECK(world.Records(simulators::kTelemetryTopic) >= kVehicles * 32);
  CHECK(world.Records(simulators::kTelemetryTopic) <= kVehicles * 32 + 3 * report.alerts.expected);
  CHECK(world.fleet.counts().dropped == 0);
}

TEST_CASE("Fleet: the same seed sends the same telemetry, byte by byte") {
  World one(OptionsFor(60));
  World other(OptionsFor(60));
  REQUIRE(one.RunToEnd());
  REQUIRE(other.RunToEnd());
  REQUIRE(one.hub.records.size() == other.hub.records.size());
  for (std::size_t i = 0; i < one.hub.records.size(); ++i) {
    // Labels of alerts come in any order: protobuf's maps have none.
    if (one.hub.records[i].topic == simulators::kAlertsTopic) continue;
    REQUIRE(one.hub.records[i].value == other.hub.records[i].value);
  }
}

TEST_CASE("Fleet: in an outage nothing is sent, after it agents come back one by one") {
  Fleet::Options options = OptionsFor(200);
  options.plan.vehicles = 200;
  options.outages = {{seconds{60}, seconds{140}}};
  World world(options);
  world.RunFor(seconds{61});
  const std::size_t before = world.hub.records.size();
  world.RunFor(seconds{79});
  CHECK(world.hub.records.size() == before);
  // Each waits 30 s at most between two tries, so that in each second a thirtieth comes back; one
  // that does sends all that it holds.
  std::set<std::string> back;
  for (int second = 0; second < 31; ++second) {
    const std::size_t sent = world.hub.records.size();
    world.RunFor(seconds{1});
    const std::size_t back_before = back.size();
    for (std::size_t i = sent; i < world.hub.records.size(); ++i) {
      back.insert(world.hub.records[i].key);
    }
    CHECK(back.size() - back_before < 200 / 5);
  }
  CHECK(back.size() == 200);
  REQUIRE(world.RunToEnd());
  CHECK(world.Verified().Holds());
}

TEST_CASE("Fleet: a hub that does not answer is sent no more than the line holds") {
  World world(OptionsFor(200));
  world.RunFor(seconds{30});
  world.hub.answers = false;
  world.hub.room = 30;
  world.RunFor(seconds{60});
  CHECK(world.line.in_flight() == 30);
  CHECK(world.fleet.counts().waiting > 30);
  world.hub.answers = true;
  REQUIRE(world.RunToEnd());
  CHECK(world.Verified().Holds());
}

TEST_CASE("Fleet: after a fatal error a new producer sends what was not acknowledged") {
  World world(OptionsFor(120));
  world.RunFor(seconds{30});
  world.hub.answers = false;
  world.RunFor(seconds{20});
  world.hub.dies = true;
  world.hub.answers = true;
  REQUIRE(world.RunToEnd());
  CHECK(world.hub.producers == 2);
  const Report report = world.Verified();
  CHECK(report.Holds());
  CHECK(report.records.repeated > 0);
}

TEST_CASE("Fleet: what exceeds an agent's outbox is dropped, counted and told to the hub") {
  Fleet::Options options = OptionsFor(600);
  options.outages = {{seconds{60}, seconds{560}}};
  options.outbox = KiB(8);
  World world(options);
  REQUIRE(world.RunToEnd());
  CHECK(world.fleet.counts().dropped > 0);
  const Report report = world.Verified();
  CHECK(report.readings.lost > 0);
  CHECK(report.readings.lost <= world.fleet.counts().dropped);
  CHECK(report.gaps.size() >= kVehicles);
  CHECK_FALSE(report.Holds());
}

TEST_CASE("Fleet: what the hub refuses for good is counted and told, and the rest goes on") {
  World world(OptionsFor(100));
  world.RunFor(seconds{30});
  world.hub.refuses = true;
  world.RunFor(seconds{10});
  world.hub.refuses = false;
  REQUIRE(world.RunToEnd());
  CHECK(world.line.counts().refused > 0);
  const Report report = world.Verified();
  CHECK(report.readings.lost > 0);
  CHECK(report.records.out_of_order == 0);
  REQUIRE_FALSE(report.gaps.empty());
  CHECK(report.gaps.front().ends_with("quarantined"));
}

TEST_CASE("Fleet: one that is ended early has sent what it measured until then") {
  World world(OptionsFor(300));
  world.RunFor(seconds{47});
  world.fleet.EndMeasuring();
  REQUIRE(world.RunToEnd());
  CHECK(world.fleet.elapsed() < seconds{100});
  const Report report = world.Verified();
  CHECK(report.Holds());
  CHECK(report.readings.expected == world.fleet.counts().readings);
}

TEST_CASE("Fleet: rules with mistakes are told before the start") {
  Fleet::Options options = OptionsFor(1);
  options.rules = {{"wrong.yaml", "groups: [{name: g, rules: [{alert: A, expr: 'x >'}]}]"}};
  CHECK_THROWS_WITH_AS(World{options}, doctest::Contains("wrong.yaml"), std::runtime_error);
}

}  // namespace
}  // namespace fleet_edge::agents
