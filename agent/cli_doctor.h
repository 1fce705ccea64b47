#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace fleet_edge::agent {

/// Adds `doctor` to `app`; parsing it sets `command`, which outlives the parsing.
void AddDoctorCommand(CLI::App& app, std::function<int()>& command);

}  // namespace fleet_edge::agent
