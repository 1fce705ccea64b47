#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/config.h"
#include "core/diagnostic.h"
#include "drivers/table.h"

namespace fleet_edge::agent {

/// What a configuration file says, and everything that is wrong with it.
struct LoadedConfig {
  Config config;
  std::vector<std::unique_ptr<drivers::DriverSpec>>
      drivers;                     ///< of config.drivers, those without errors
  std::string text;                ///< of all files, for the hash
  std::vector<std::string> notes;  ///< what follows from it that people should know of
  Diagnostics findings;  ///< by file and place; with an error among them the rest is not to be used
};

/// What a configuration is read for: only who runs needs a hub.
enum class Purpose { kRun, kReplay };

/// Reads `path` and then the files of `conf.d/*.yaml` beside it, by name: a later file's keys win
/// over an earlier one's, key by key; a list and `vehicle.labels` replace the earlier one whole.
LoadedConfig LoadConfig(const std::string& path, Purpose purpose = Purpose::kRun);

}  // namespace fleet_edge::agent
