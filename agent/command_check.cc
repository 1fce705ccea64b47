#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "agent/commands.h"
#include "agent/config_file.h"
#include "agent/findings.h"
#include "agent/rule_files.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "rules/engine.h"

namespace fleet_edge::agent {
namespace {

void CheckRules(const std::vector<std::string>& patterns, Diagnostics& findings) {
  const auto files = ReadRuleFiles(patterns);
  if (!files) {
    findings.push_back(
        {.file = "rules", .position = {}, .what = files.error().message, .mend = "Check the path"});
    return;
  }
  SeriesRegistry registry;
  for (Diagnostic& finding : rules::Engine(registry, {}).Load(*files)) {
    findings.push_back(std::move(finding));
  }
}

}  // namespace

int Check(const CheckArguments& arguments) {
  Diagnostics findings;
  if (arguments.config.empty()) {
    CheckRules(arguments.rules, findings);
  } else {
    LoadedConfig loaded = LoadConfig(arguments.config);
    findings = std::move(loaded.findings);
    // A pattern that names no file is a finding already.
    std::erase_if(loaded.config.rules,
                  [](const std::string& pattern) { return ExpandGlob(pattern).empty(); });
    CheckRules(loaded.config.rules, findings);
  }
  const bool failed = HasErrors(findings);
  std::fputs(ListFindings(findings).c_str(), stdout);
  std::puts(CountFindings(findings).c_str());
  return failed ? kExitFailure : kExitOk;
}

}  // namespace fleet_edge::agent
