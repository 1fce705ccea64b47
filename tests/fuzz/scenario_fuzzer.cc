// Any text as a scenario: all that is wrong is told with a reason, or its first vehicle lives and
// what its sensors show are numbers or nothing.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "simulators/roads.h"
#include "simulators/scenario.h"
#include "simulators/scenario_step.h"
#include "simulators/series_name.h"
#include "simulators/state_signal.h"
#include "simulators/vehicle.h"
#include "simulators/vehicle_state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge;
  using namespace fleet_edge::simulators;
  static const Roads kRoads;
  Diagnostics findings;
  const Scenario scenario = ParseScenario(std::string(data, data + size), "s.yaml", findings);
  for (const Diagnostic& finding : findings) {
    if (finding.what.empty() || finding.file.empty()) std::abort();
  }
  if (HasErrors(findings)) return 0;
  for (const ScenarioStep& step : StepsOf(scenario)) {
    if (ToJson(step).empty()) std::abort();
  }
  const Scenario::Member first = scenario.Members().at(0);
  Vehicle vehicle(first.setup, *kRoads.Cycle(first.cycle), kRoads.track());
  for (int second = 0; second < 5; ++second) {
    vehicle.Advance(second);
    const VehicleState shown = vehicle.Shown();
    for (const SeriesName& series : SeriesOf(shown)) {
      if (std::isinf(ValueOf(shown, series))) std::abort();
    }
  }
  return 0;
}
