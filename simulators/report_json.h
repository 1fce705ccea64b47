#pragma once

#include <string>

#include "simulators/report.h"

namespace fleet_edge::simulators {

/// The report as one JSON object on one line; durations in milliseconds. Its keys are documented
/// in simulators/README.md and stay.
std::string ToJson(const Report& report);

}  // namespace fleet_edge::simulators
