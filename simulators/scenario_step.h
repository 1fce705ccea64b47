#pragma once

#include <string>
#include <vector>

#include "simulators/scenario.h"
#include "simulators/vehicle_event.h"

namespace fleet_edge::simulators {

/// The begin or the end of an event of a scenario, as a harness is told of it. A value.
struct ScenarioStep {
  double seconds = 0;  ///< since the start
  VehicleEvent::Kind kind = VehicleEvent::Kind::kHubDown;
  std::string vehicle;  ///< empty: all
  bool begins = true;
};

/// All steps within the scenario's duration, in the order of time.
std::vector<ScenarioStep> StepsOf(const Scenario& scenario);

/// `{"step":"hub_down","change":"begins","seconds":30,"vehicle":"tanker-2"}`; without the vehicle
/// when it is about all.
std::string ToJson(const ScenarioStep& step);

}  // namespace fleet_edge::simulators
