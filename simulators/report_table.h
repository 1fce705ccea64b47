#pragma once

#include <string>

#include "simulators/report.h"

namespace fleet_edge::simulators {

/// The report as a table for people, with a verdict as its last line.
std::string ToTable(const Report& report);

}  // namespace fleet_edge::simulators
