#pragma once

#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "core/diagnostic.h"
#include "rules/advice.h"

namespace fleet_edge::agent::doctor {

/// Checks the rule files that `patterns` name, for a vehicle, and runs the tests beside them:
/// `tests/*.yaml` in their folders.
std::vector<Finding> ExamineRules(const std::vector<std::string>& patterns,
                                  const rules::VehicleFacts& vehicle);

/// What a diagnostic of a file means; its place is the subject.
Finding FindingOf(const char* check, const char* id, const Diagnostic& finding);

}  // namespace fleet_edge::agent::doctor
