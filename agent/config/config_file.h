#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_source.h"
#include "agent/config/config_values.h"
#include "core/diagnostic.h"
#include "drivers/table.h"

namespace fleet_edge::agent {

/// What a configuration file says, and everything that is wrong with it.
struct LoadedConfig {
  Config config;
  std::vector<std::unique_ptr<drivers::DriverSpec>>
      drivers;                     ///< of config.drivers, those without errors
  ConfigSource source;             ///< where each value comes from
  std::string text;                ///< of all files, as written, for the hash
  std::vector<std::string> notes;  ///< what follows from it that people should know of
  Diagnostics findings;  ///< by file and place; with an error among them the rest is not to be used
};

/// Where the vehicle's id comes from when the configuration has none.
inline constexpr const char* kMachineId = "/etc/machine-id";

/// What a configuration is read for: only who runs needs a hub.
enum class Purpose {
  kRun,  ///< all values must be known; for others credentials of the service's own need not
  kReplay,
  kLook,  ///< as kRun, without starting anything
  kTry,   ///< as kLook; drivers come to their brokers as passing guests, who leave nothing behind
};

/// The configuration's file, and the pattern of the fragments that lie or may come to lie beside
/// it.
std::vector<std::string> ConfigPatterns(const std::string& path);

/// What is there of ConfigPatterns(), and `path` in any case, in the order of their reading.
std::vector<std::string> ConfigFiles(const std::string& path);

/// Reads `path` and then the files of `conf.d/*.yaml` beside it, by name, as one: a later file's
/// keys win over an earlier one's, key by key in every mapping; a list replaces the earlier one
/// whole. `${…}` in values come from `sources`.
LoadedConfig LoadConfig(const std::string& path, Purpose purpose = Purpose::kRun,
                        const ValueSources& sources = ValueSources::OfProcess());

/// The texts of the files that LoadConfig() reads, one behind the other, as in LoadedConfig::text;
/// of one that can't be read its name. It costs little beside LoadConfig().
std::string ReadConfigText(const std::string& path);

}  // namespace fleet_edge::agent
