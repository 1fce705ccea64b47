#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/cli/commands.h"
#include "agent/config/config_file.h"
#include "agent/config/findings.h"
#include "agent/config/rule_files.h"
#include "agent/config/vehicle_facts.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "rules/advice.h"
#include "rules/engine.h"

namespace fleet_edge::agent {
namespace {

/// What is plugged in can change until the start, and a file may be checked at a desk: no error.
void NoteAbsentDevices(const LoadedConfig& loaded, std::vector<std::string>& notes) {
  for (const auto& driver : loaded.drivers) {
    for (const std::string& path : driver->devices()) {
      std::error_code unknown;  // a folder that can't be read tells nothing
      if (std::filesystem::exists(path, unknown) || unknown) continue;
      notes.push_back("driver " + driver->name() + ": " + path +
                      " is not there now. Plug it in, or look for its name: `ls /dev/serial/by-id "
                      "/sys/class/net`");
    }
  }
}

void CheckRules(const std::vector<std::string>& patterns, const rules::VehicleFacts& vehicle,
                Diagnostics& findings) {
  const auto files = ReadRuleFiles(patterns);
  if (!files) {
    findings.push_back(
        {.file = "rules", .position = {}, .what = files.error().message, .mend = "Check the path"});
    return;
  }
  SeriesRegistry registry;
  Diagnostics found = rules::Engine(registry, {}).Load(*files);
  // Half a set of rules would be blamed for what the other half records.
  if (!HasErrors(found))
    std::ranges::move(rules::AdviseOnRules(*files, vehicle), std::back_inserter(found));
  std::ranges::move(found, std::back_inserter(findings));
}

}  // namespace

int Check(const CheckArguments& arguments) {
  Diagnostics findings;
  std::vector<std::string> notes;
  if (arguments.config.empty()) {
    CheckRules(arguments.rules, {}, findings);
  } else {
    LoadedConfig loaded = LoadConfig(arguments.config, Purpose::kLook);
    const rules::VehicleFacts vehicle = FactsOf(loaded);
    findings = std::move(loaded.findings);
    if (!HasErrors(findings)) {
      notes = std::move(loaded.notes);
      NoteAbsentDevices(loaded, notes);
    }
    // A pattern that names no file is a finding already.
    std::erase_if(loaded.config.rules,
                  [](const std::string& pattern) { return ExpandGlob(pattern).empty(); });
    CheckRules(loaded.config.rules, vehicle, findings);
  }
  const bool failed = HasErrors(findings);
  std::fputs(ListFindings(findings).c_str(), stdout);
  for (const std::string& note : notes) std::printf("note: %s\n", note.c_str());
  std::puts(CountFindings(findings).c_str());
  return failed ? kExitFailure : kExitOk;
}

}  // namespace fleet_edge::agent
