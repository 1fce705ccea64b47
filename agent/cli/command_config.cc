#include <cstdio>
#include <filesystem>
#include <string>

#include "agent/cli/commands.h"
#include "agent/config/config_file.h"
#include "agent/config/config_schema.h"
#include "agent/config/config_source.h"
#include "agent/config/effective_config.h"
#include "agent/config/findings.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {

int ShowConfig(const ConfigArguments& arguments) {
  const LoadedConfig loaded = LoadConfig(arguments.config, Purpose::kLook);
  std::fputs(ListFindings(loaded.findings).c_str(), stderr);
  if (HasErrors(loaded.findings)) return kExitFailure;
  const EffectiveValue config = Effective(loaded);
  if (arguments.json) {
    std::fputs(EffectiveJson(config).c_str(), stdout);
    return kExitOk;
  }
  std::puts("# In force, from these files; a later one has the last word, key by key:");
  for (const std::string& file : loaded.source.files()) std::printf("#   %s\n", file.c_str());
  const std::string folder = std::filesystem::path(arguments.config).parent_path().string();
  std::fputs(EffectiveYaml(config, folder).c_str(), stdout);
  return kExitOk;
}

int PrintConfigSchema() {
  std::fputs(ConfigurationSchema().c_str(), stdout);
  return kExitOk;
}

}  // namespace fleet_edge::agent
