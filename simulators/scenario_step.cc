#include "simulators/scenario_step.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/json_writer.h"
#include "simulators/scenario.h"
#include "simulators/vehicle_event.h"

namespace fleet_edge::simulators {

std::vector<ScenarioStep> StepsOf(const Scenario& scenario) {
  const double end_s = ToSeconds(scenario.duration);
  std::vector<ScenarioStep> steps;
  for (const auto& [event, vehicle, position] : scenario.events) {
    for (const bool begins : {true, false}) {
      const double seconds = begins ? event.begin_s : event.end_s;
      if (seconds >= end_s) continue;
      steps.push_back(
          {.seconds = seconds, .kind = event.kind, .vehicle = vehicle, .begins = begins});
    }
  }
  std::ranges::stable_sort(steps, {}, &ScenarioStep::seconds);
  return steps;
}

std::string ToJson(const ScenarioStep& step) {
  JsonWriter json;
  json.BeginObject()
      .Member("step", NameOf(step.kind))
      .Member("change", step.begins ? "begins" : "ends")
      .Member("seconds", step.seconds);
  if (!step.vehicle.empty()) json.Member("vehicle", step.vehicle);
  return json.EndObject().text();
}

}  // namespace fleet_edge::simulators
