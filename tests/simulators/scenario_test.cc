#include "simulators/scenario.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "simulators/physics/vehicle_kind.h"
#include "simulators/vehicle_event.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kWhole = R"(about: All keys
seed: 9
duration: 40m
start: 2026-01-19T06:30:00Z
weather: {mean_celsius: -4, swing_celsius: 3, sun_k: 2}
vehicles:
  - {kind: tanker, count: 2, cycle: us06, zones: 3, driver: {aggressiveness: 1.5, overspeed_percent: 10}}
  - {kind: cab, name: taxi, cold: true}
events:
  - {event: fire, at: 5m, for: 10m, vehicle: tanker-2, zone: 2, by: 120}
  - {event: silent, signal: gnss}
expect:
  rules: rules/examples/tanker/*.yaml
  must:
    - {alert: ContainerFire, vehicle: tanker-2, labels: {zone: "2"}, from: 5m, within: 1m}
  may:
    - {alert: GnssLost}
)";

Scenario Parse(const std::string& text) {
  Diagnostics diagnostics;
  Scenario scenario = ParseScenario(text, "s.yaml", diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) MESSAGE(ToString(diagnostic));
  REQUIRE(diagnostics.empty());
  return scenario;
}

/// What is found wrong, a line each.
std::string Wrong(const std::string& text) {
  Diagnostics diagnostics;
  ParseScenario(text, "s.yaml", diagnostics);
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics) all += ToString(diagnostic) + "\n";
  return all;
}

/// A scenario with these lines of events.
std::string WithEvent(const std::string& event) {
  return "about: One\nvehicles: [{kind: tanker}]\nevents:\n  - " + event + "\n";
}

TEST_CASE("Scenario: every key is read") {
  const Scenario scenario = Parse(kWhole);
  CHECK(scenario.seed == 9);
  CHECK(scenario.duration == std::chrono::minutes{40});
  CHECK(scenario.weather.mean_celsius == -4);
  CHECK(scenario.expect.must.at(0).labels.Get("zone") == "2");
  CHECK(scenario.expect.may.at(0).alert == "GnssLost");
}

TEST_CASE("Scenario: its vehicles have their kind's shape, their names and their events") {
  const std::vector<Scenario::Member> members = Parse(kWhole).Members();
  REQUIRE(members.size() == 3);
  CHECK(members[0].setup.id == "tanker-1");
  CHECK(members[0].setup.zones == 3);
  CHECK(members[0].setup.driver.aggressiveness == 1.5);
  CHECK(members[0].setup.hour == 6.5);
  CHECK(members[0].cycle == "us06");
  CHECK(members[0].setup.events.size() == 1);
  REQUIRE(members[1].setup.events.size() == 2);
  CHECK(members[1].setup.events[0].kind == VehicleEvent::Kind::kFire);
  CHECK(members[1].setup.events[0].begin_s == 300);
  CHECK(members[1].setup.events[0].end_s == 900);
  CHECK(members[1].setup.events[0].by == 120);
  CHECK(std::isinf(members[1].setup.events[1].end_s));
  CHECK(members[2].setup.id == "taxi-1");
  CHECK(members[2].setup.kind == VehicleKind::kCab);
  CHECK(members[2].setup.zones == 0);
  CHECK(members[2].setup.cold);
}

TEST_CASE("Scenario: without events and expectations nothing happens and nothing may fire") {
  const Scenario scenario = Parse("about: Calm\nvehicles: [{kind: reefer}]\n");
  CHECK(scenario.Members().at(0).setup.events.empty());
  CHECK(scenario.expect.must.empty());
}

TEST_CASE("Scenario: what is wrong is told with its place and the mend") {
  CHECK(Wrong("about: No one\n").find("s.yaml:1:1: error:") == 0);
  CHECK(Wrong("about: A\nvehicles: [{kind: train}]\n") ==
        "s.yaml:2:19: error: there is no kind 'train'. Write tanker, cab or reefer\n");
  CHECK(Wrong("about: A\nvehicles: [{kind: cab, cycle: wltp}]\n")
            .find("s.yaml:2:31: error: there is no cycle 'wltp'") == 0);
  CHECK(Wrong("about: A\nsede: 3\nvehicles: [{kind: cab}]\n").find("Did you mean 'seed'") !=
        std::string::npos);
  CHECK(Wrong("about: A\nvehicles: [{kind: cab}, {kind: cab}]\n").find("two are called 'cab-1'") !=
        std::string::npos);
}

TEST_CASE("Scenario: an event that can't be is refused") {
  CHECK(Wrong(WithEvent("{event: explodes}")) ==
        "s.yaml:4:13: error: there is no event 'explodes'. simulators/README.md lists what there "
        "is\n");
  CHECK(Wrong(WithEvent("{event: fire}")).find("'fire' needs an amount. Add `by:`, in kW") !=
        std::string::npos);
  CHECK(Wrong(WithEvent("{event: tunnel, by: 3}")).find("takes no amount") != std::string::npos);
  CHECK(Wrong(WithEvent("{event: tunnel, signal: gnss}")).find("not about a sensor") !=
        std::string::npos);
  CHECK(Wrong(WithEvent("{event: freezes, signal: warp_factor}"))
            .find("no sensor shows 'warp_factor'") != std::string::npos);
  CHECK(Wrong(WithEvent("{event: freezes, signal: gnss}")).find("no sensor shows 'gnss'") !=
        std::string::npos);
  CHECK(Wrong(WithEvent("{event: tunnel, vehicle: tanker-2}"))
            .find("s.yaml:4:13: error: there is no vehicle 'tanker-2'") == 0);
}

TEST_CASE("Scenario: numbers that no vehicle has are refused before anything is made of them") {
  CHECK(Wrong("about: A\nvehicles: [{kind: cab, count: 9000000000000000000}]\n")
            .find("Write 1 to 10000") != std::string::npos);
  CHECK(Wrong("about: A\nvehicles: [{kind: cab, count: 9999}, {kind: tanker, count: 2}]\n")
            .find("more than ten thousand") != std::string::npos);
  CHECK(Wrong("about: A\nvehicles: [{kind: cab, name: ../cab}]\n").find("is no name") !=
        std::string::npos);
  CHECK(Wrong("about: A\nweather: {mean_celsius: 1e9}\nvehicles: [{kind: cab}]\n")
            .find("Write -50 to 50") != std::string::npos);
  CHECK(Wrong(WithEvent("{event: fire, by: -1}")).find("Write 0 to 1000") != std::string::npos);
  CHECK(Wrong(WithEvent("{event: tunnel, zone: 17}")).find("Write 0 to 16") != std::string::npos);
}

TEST_CASE("Scenario: all mistakes are told at once") {
  const std::string wrong =
      Wrong("about: A\nduration: 0s\nvehicles: [{kind: cab, count: 0, zones: 99}]\n");
  CHECK(wrong.find("duration") == std::string::npos);  // places speak, keys are not repeated
  CHECK(wrong.find("s.yaml:2:11:") != std::string::npos);
  CHECK(wrong.find("s.yaml:3:31:") != std::string::npos);
  CHECK(wrong.find("s.yaml:3:41:") != std::string::npos);
}

TEST_CASE("Scenario: a file that isn't there is told as such") {
  CHECK_THROWS_AS(LoadScenario("/nonexistent/scenario.yaml"), std::runtime_error);
}

}  // namespace
}  // namespace fleet_edge::simulators
