#pragma once

#include "agent/config/config_file.h"
#include "rules/advice.h"

namespace fleet_edge::agent {

/// What rules can find on the vehicle that `loaded` describes, for advice on them.
rules::VehicleFacts FactsOf(const LoadedConfig& loaded);

}  // namespace fleet_edge::agent
