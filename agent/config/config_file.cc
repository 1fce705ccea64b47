#include "agent/config/config_file.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_check.h"
#include "agent/config/config_source.h"
#include "agent/config/config_values.h"
#include "agent/config/findings.h"
#include "agent/config/rule_files.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFragments = "conf.d";

/// Reads one file over what the files before it have said. False when nothing of it could be read:
/// what follows from its keys would be noise.
bool ReadOver(const std::string& path, const ValueSources& sources, LoadedConfig& loaded) {
  Result<std::string> text = ReadFile(path);
  if (!text) {
    loaded.findings.push_back({.file = path,
                               .position = {},
                               .what = text.error().message,
                               .mend = "Check the path and its permissions"});
    return false;
  }
  const std::size_t before = loaded.findings.size();
  YamlNode root = ParseYaml(*text, path, loaded.findings);
  if (loaded.findings.size() != before) return false;
  loaded.text += *text;
  loaded.source.Add(path, std::move(root), sources);
  return true;
}

/// Fragments in a folder that can't be read would be passed over in silence.
bool FragmentsCanBeRead(const fs::path& folder, Diagnostics& findings) {
  std::error_code error;
  const fs::directory_iterator fragments(folder, error);
  if (!error || error == std::errc::no_such_file_or_directory) return true;
  findings.push_back({.file = folder.string(),
                      .position = {},
                      .what = "can't be read: " + error.message(),
                      .mend = "It is to be a folder that the service's user may enter and read"});
  return false;
}

/// Relative patterns count from the configuration's folder, wherever the agent is started.
void AnchorRules(const fs::path& folder, std::vector<std::string>& patterns) {
  for (std::string& pattern : patterns) pattern = (folder / pattern).lexically_normal().string();
}

void FillVehicleId(LoadedConfig& loaded) {
  std::string& id = loaded.config.vehicle.id;
  if (!id.empty()) return;
  if (const Result<std::string> machine = ReadFile(kMachineId)) {
    id = machine.value().substr(0, machine.value().find('\n'));
  }
  if (!id.empty()) {
    loaded.notes.push_back("vehicle.id is not configured: using the machine's id, " + id);
    return;
  }
  const ConfigSource::Place place = loaded.source.Find({"vehicle", "id"});
  loaded.findings.push_back(
      {.file = place.file,
       .position = place.position,
       .what = std::string("no vehicle.id, and no ") + kMachineId + " to take it from",
       .mend = "Add `vehicle: {id: …}`"});
}

/// What the files say as one.
void Interpret(const fs::path& folder, Purpose purpose, LoadedConfig& loaded) {
  const ConfigSource& source = loaded.source;
  const std::string& file = source.FileOf(source.root().position);
  if (source.root().kind != YamlNode::Kind::kNull) {
    Section::Read(source.root(), {file, loaded.findings}, loaded.config);
  }
  FillVehicleId(loaded);
  const ConfigSource::Place place = source.Find({"drivers"});
  loaded.drivers = drivers::ParseDrivers(loaded.config.drivers,
                                         {loaded.config.vehicle.id, purpose == Purpose::kTry},
                                         {place.file, loaded.findings});
  AnchorRules(folder, loaded.config.rules);
  CheckConfig(source, loaded.config, loaded.findings);
  if (purpose != Purpose::kReplay) {
    CheckHub(source, loaded.config, loaded.findings);
    loaded.notes.push_back(DurabilityNote(loaded.config));
  }
}

/// Who runs needs every value; who looks goes on without the service's own credentials.
void TellUnknown(Purpose purpose, LoadedConfig& loaded) {
  for (Diagnostic& one : loaded.source.Unknown()) {
    if (purpose == Purpose::kRun) {
      loaded.findings.push_back(std::move(one));
    } else {
      loaded.notes.push_back(one.file + ":" + std::to_string(one.position.line) + ": " + one.what +
                             ". " + one.mend);
    }
  }
}

}  // namespace

std::vector<std::string> ConfigPatterns(const std::string& path) {
  return {path, (fs::path(path).parent_path() / kFragments / "*.yaml").string()};
}

std::vector<std::string> ConfigFiles(const std::string& path) {
  std::vector<std::string> files = ExpandGlob(ConfigPatterns(path).back());
  files.insert(files.begin(), path);
  return files;
}

LoadedConfig LoadConfig(const std::string& path, Purpose purpose, const ValueSources& sources) {
  LoadedConfig loaded;
  const fs::path folder = fs::path(path).parent_path();
  bool readable = FragmentsCanBeRead(folder / kFragments, loaded.findings);
  for (const std::string& file : ConfigFiles(path)) {
    readable = ReadOver(file, sources, loaded) && readable;
  }
  if (readable) {
    Interpret(folder, purpose, loaded);
    loaded.source.Settle(loaded.findings);
    TellUnknown(purpose, loaded);
  }
  SortByPlace(loaded.findings);
  return loaded;
}

std::string ReadConfigText(const std::string& path) {
  std::string all;
  for (const std::string& file : ConfigFiles(path)) {
    const Result<std::string> text = ReadFile(file);
    all += text ? *text : file;
  }
  return all;
}

}  // namespace fleet_edge::agent
