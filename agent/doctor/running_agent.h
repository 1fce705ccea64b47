#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// What the agent that holds the outbox in `directory` says of itself and its drivers, so that no
/// device is opened twice; of one that says nothing that it doesn't. Nothing when none runs.
std::optional<std::vector<Finding>> AskRunningAgent(const std::string& directory);

/// What its status (docs/status.md, one JSON object) means.
std::vector<Finding> JudgeStatus(const std::string& directory, std::string_view json);

}  // namespace fleet_edge::agent::doctor
