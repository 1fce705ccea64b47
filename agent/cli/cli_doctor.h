#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace fleet_edge::agent {

/// Adds `doctor` and `init` to `app`; parsing one of them sets `command`, which outlives the
/// parsing.
void AddDoctorCommands(CLI::App& app, std::function<int()>& command);

}  // namespace fleet_edge::agent
