// The rules for harsh driving that ship, on the EPA's drive cycles, whose answers are known. Their
// other tests are beside them, for `fleet-edge test`.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "rules/alert_event.h"
#include "rules/engine.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Speeds in m/s, one a second.
std::vector<double> Cycle(const std::string& name) {
  std::stringstream text(TextOf("simulators/recordings/" + name + ".csv"));
  std::string line;
  std::getline(text, line);
  REQUIRE(line.starts_with("cycSecs,cycMps"));
  std::vector<double> speeds;
  while (std::getline(text, line)) speeds.push_back(std::stod(line.substr(line.find(',') + 1)));
  return speeds;
}

/// What the rules say of a drive.
Changes Drive(const std::string& cycle, const std::string& rules) {
  RuleWorld world(rules);
  world.AdvanceTo(0);
  double now = 0;
  for (const double speed : Cycle(cycle)) {
    world.Add(++now, "vehicle_speed_kmh", speed * 3.6);
    world.AdvanceTo(now);
  }
  world.AdvanceTo(now + 10);
  return world.Take();
}

std::size_t Fired(const Changes& changes, const std::string& alert) {
  return static_cast<std::size_t>(std::ranges::count_if(changes.alerts, [&](const auto& event) {
    return event.alert == alert && event.state == AlertState::kFiring;
  }));
}

/// In how many seconds `expr` holds.
std::size_t Seconds(const std::string& cycle, const std::string& expr) {
  return Drive(cycle, "groups: [{name: g, interval: 1s, rules: [{record: seconds, expr: '" + expr +
                          "'}]}]")
      .recorded.size();
}

const std::string kStep = "deriv(vehicle_speed_kmh[2s]) / 3.6";
const std::string kMedianStep =
    "(quantile_over_time(0.5, vehicle_speed_kmh[3s]) - quantile_over_time(0.5, "
    "vehicle_speed_kmh[3s] offset 1s)) / 3.6";

}  // namespace

TEST_CASE("Examples: medians of three find the brakes that steps of one second do") {
  for (const std::string& deceleration : {kStep, kMedianStep}) {
    CAPTURE(deceleration);
    CHECK(Seconds("udds", deceleration + " <= -2.0") == 0);
    CHECK(Seconds("us06", deceleration + " <= -2.7") == 2);
    CHECK(Seconds("us06", deceleration + " <= -2.0") == 27);
  }
}

TEST_CASE("Examples: a cab brakes harshly twice on US06 and never on UDDS") {
  const std::string rules = TextOf("rules/examples/cab/common-driving.yaml");
  CHECK(Fired(Drive("us06", rules), "HarshBraking") == 2);
  const Changes calm = Drive("udds", rules);
  CHECK(Fired(calm, "HarshBraking") == 0);
  CHECK(Fired(calm, "HarshAcceleration") == 0);
}

TEST_CASE("Examples: what a cab may do makes a tanker's load surge") {
  const std::string rules = TextOf("rules/examples/tanker/common-driving.yaml");
  CHECK(Fired(Drive("us06", rules), "HarshBraking") == 8);  // within 3 s it is one
  CHECK(Fired(Drive("udds", rules), "HarshBraking") == 0);
}

}  // namespace fleet_edge::rules
