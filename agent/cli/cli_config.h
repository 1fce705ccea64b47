#pragma once

#include <CLI/App.hpp>
#include <functional>

namespace fleet_edge::agent {

/// Adds `config` with its subcommands to `app`; parsing one of them sets `command`, which outlives
/// the parsing.
void AddConfigCommands(CLI::App& app, std::function<int()>& command);

}  // namespace fleet_edge::agent
