#include "simulators/scenario_step.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "simulators/scenario.h"

namespace fleet_edge::simulators {
namespace {

/// The steps of a scenario of two minutes with these events.
std::vector<std::string> Steps(const std::string& events) {
  Diagnostics diagnostics;
  const Scenario scenario = ParseScenario(
      "about: Steps\nduration: 2m\nvehicles: [{kind: tanker}]\nevents: [" + events + "]\n",
      "s.yaml", diagnostics);
  REQUIRE(diagnostics.empty());
  std::vector<std::string> lines;
  for (const ScenarioStep& step : StepsOf(scenario)) lines.push_back(ToJson(step));
  return lines;
}

TEST_CASE("Scenario steps: begins and ends are told in the order of time") {
  const std::vector<std::string> steps = Steps(
      "{event: hub_down, at: 30s, for: 1m}, {event: power_cut, at: 40s, for: 5s, vehicle: "
      "tanker-1}");
  REQUIRE(steps.size() == 4);
  CHECK(steps[0] == R"({"step":"hub_down","change":"begins","seconds":30})");
  CHECK(steps[1] == R"({"step":"power_cut","change":"begins","seconds":40,"vehicle":"tanker-1"})");
  CHECK(steps[2] == R"({"step":"power_cut","change":"ends","seconds":45,"vehicle":"tanker-1"})");
  CHECK(steps[3] == R"({"step":"hub_down","change":"ends","seconds":90})");
}

TEST_CASE(
    "Scenario steps: what lasts to the end has no end, and what comes after it never begins") {
  CHECK(Steps("{event: tunnel, at: 1m}").size() == 1);
  CHECK(Steps("{event: tunnel, at: 3m}").empty());
}

}  // namespace
}  // namespace fleet_edge::simulators
