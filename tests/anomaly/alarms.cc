#include "tests/anomaly/alarms.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/rule_text.h"

namespace fleet_edge::anomaly {

Watch::Watch(const std::vector<rules::RuleText>& rules) : engine_(registry_, {}) {
  const Diagnostics findings = engine_.Load(rules);
  if (!findings.empty()) throw std::invalid_argument(ToString(findings.front()));
}

void Watch::Add(std::string_view signal, UtcTime time, double value) {
  engine_.Add({registry_.Find(signal, {}), time, value, Quality::kGood});
}

void Watch::AdvanceTo(UtcTime time) {
  engine_.AdvanceTo(time, changes_);
  for (const rules::AlertEvent& event : changes_.alerts) {
    if (event.state == rules::AlertState::kFiring) alarms_[event.alert].push_back({event.at});
    if (event.state == rules::AlertState::kResolved) alarms_[event.alert].back().until = event.at;
  }
  changes_ = {};
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " can't be read; run this in the repository's root");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<rules::RuleText> ShippedRules() {
  std::vector<rules::RuleText> files;
  for (const char* const path : {"rules/examples/tanker/cargo.yaml",
                                 "rules/examples/tanker/engine.yaml", "tests/anomaly/rules.yaml"}) {
    files.push_back({path, ReadFile(path)});
  }
  return files;
}

}  // namespace fleet_edge::anomaly
