#pragma once

#include <string_view>

namespace fleet_edge::agents {

/// simulators/demo/rules.yaml, for the alerts of which the simulators know what must follow. It
/// lives as long as the program.
std::string_view FleetRules();

}  // namespace fleet_edge::agents
