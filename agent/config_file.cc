#include "agent/config_file.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "agent/config.h"
#include "agent/config_check.h"
#include "agent/config_source.h"
#include "agent/findings.h"
#include "agent/rule_files.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMachineId = "/etc/machine-id";

/// Reads one file over what the files before it have said. False when nothing of it could be read:
/// what follows from its keys would be noise.
bool ReadOver(const std::string& path, LoadedConfig& loaded, ConfigSource& source) {
  Result<std::string> text = ReadFile(path);
  if (!text) {
    loaded.findings.push_back({.file = path,
                               .position = {},
                               .what = text.error().message,
                               .mend = "Check the path and its permissions"});
    return false;
  }
  ConfigSource::File file{path, ParseYaml(*text, path, loaded.findings)};
  if (HasErrors(loaded.findings) && file.root.kind == YamlNode::Kind::kNull) return false;
  loaded.text += *text;
  if (file.root.kind != YamlNode::Kind::kNull) {
    Section::Read(file.root, {path, loaded.findings}, loaded.config);
  }
  source.Add(std::move(file));
  return true;
}

/// Relative patterns count from the configuration's folder, wherever the agent is started.
void AnchorRules(const fs::path& folder, std::vector<std::string>& patterns) {
  for (std::string& pattern : patterns) pattern = (folder / pattern).lexically_normal().string();
}

void FillVehicleId(LoadedConfig& loaded, const ConfigSource& source) {
  std::string& id = loaded.config.vehicle.id;
  if (!id.empty()) return;
  if (const Result<std::string> machine = ReadFile(kMachineId)) {
    id = machine.value().substr(0, machine.value().find('\n'));
  }
  if (!id.empty()) {
    loaded.notes.push_back("vehicle.id is not configured: using the machine's id, " + id);
    return;
  }
  const ConfigSource::Place place = source.Find({"vehicle", "id"});
  loaded.findings.push_back(
      {.file = place.file,
       .position = place.position,
       .what = std::string("no vehicle.id, and no ") + kMachineId + " to take it from",
       .mend = "Add `vehicle: {id: …}`"});
}

}  // namespace

LoadedConfig LoadConfig(const std::string& path, Purpose purpose) {
  LoadedConfig loaded;
  ConfigSource source;
  const fs::path folder = fs::path(path).parent_path();
  bool readable = ReadOver(path, loaded, source);
  for (const std::string& fragment : ExpandGlob((folder / "conf.d" / "*.yaml").string())) {
    readable = ReadOver(fragment, loaded, source) && readable;
  }
  if (!readable) return loaded;
  FillVehicleId(loaded, source);
  const ConfigSource::Place place = source.Find({"drivers"});
  loaded.drivers = drivers::ParseDrivers(loaded.config.drivers, {loaded.config.vehicle.id},
                                         {place.file, loaded.findings});
  AnchorRules(folder, loaded.config.rules);
  CheckConfig(source, loaded.config, loaded.findings);
  if (purpose == Purpose::kRun) {
    CheckHub(source, loaded.config, loaded.findings);
    loaded.notes.push_back(DurabilityNote(loaded.config));
  }
  SortByPlace(loaded.findings);
  return loaded;
}

}  // namespace fleet_edge::agent
