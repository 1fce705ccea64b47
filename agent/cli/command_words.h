#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace fleet_edge::agent {

/// What to tell somebody whose words lead to no command of `app`: one that there isn't, with the
/// nearest that there is, or none where one is wanted. Lines for stderr; empty when they lead to
/// one. What stands behind an option is not looked at.
std::string WrongCommand(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace fleet_edge::agent
