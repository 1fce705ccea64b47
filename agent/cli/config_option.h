#pragma once

#include <CLI/App.hpp>
#include <CLI/Option.hpp>
#include <string>

#include "agent/cli/commands.h"

namespace fleet_edge::agent {

/// `-c,--config FILE` of a command that only looks: without it the installed one.
inline CLI::Option* AddConfigOption(CLI::App& command, std::string& path) {
  return command
      .add_option("-c,--config", path,
                  "The configuration; default " + std::string(kInstalledConfig))
      ->type_name("FILE");
}

}  // namespace fleet_edge::agent
