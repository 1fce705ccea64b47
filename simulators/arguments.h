#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "core/time.h"

namespace fleet_edge::simulators {

/// An option that takes a duration as the configuration writes it: `45s`, `500ms`. `name` lives as
/// long as the app.
void AddDuration(CLI::App& app, const char* name, Duration& value, const std::string& help);

/// Reads the command line. The exit code when the program is to end at once: 0 after help, 2 after
/// a wrong command line, whose fault is then on stderr.
std::optional<int> ReadArguments(CLI::App& app, int argc, const char* const* argv);

}  // namespace fleet_edge::simulators
