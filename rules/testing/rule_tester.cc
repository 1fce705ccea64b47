#include "rules/testing/rule_tester.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/nearest.h"
#include "core/result.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "rules/engine.h"
#include "rules/raw_rule_file.h"
#include "rules/rule_text.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_inputs.h"
#include "rules/testing/test_outcome.h"
#include "rules/testing/test_run.h"

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kMostSeries = 100'000;
constexpr Duration::rep kMostInstants = 10'000'000;

TestOutcome NotBegun(const RuleTest& test, std::string why) {
  return {{{.kind = Mismatch::Kind::kInput,
            .position = test.position,
            .subject = test.name,
            .error = std::move(why)}}};
}

/// The names of the rule files' groups. What is wrong with the files is told by the engine.
std::vector<std::string> GroupNames(const std::vector<RuleText>& rules) {
  std::vector<std::string> names;
  Diagnostics findings;
  for (const RuleText& text : rules) {
    RawRuleFile file;
    Section::Read(ParseYaml(text.text, text.file, findings), {text.file, findings}, file);
    for (RawGroup& group : file.groups) names.push_back(std::move(group.name));
  }
  return names;
}

std::string MendFor(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const std::string_view near = Nearest(name, names);
  return near.empty() ? "Remove it" : "Did you mean '" + std::string(near) + "'?";
}

/// Calls `visit` with the name and the place of each alert that the file's tests speak of.
template <typename Visit>
void ForEachAlertOf(const TestFile& file, const Visit& visit) {
  for (const RuleTest& test : file.tests) {
    for (const AlertTest& each : test.alerts) visit(each.alert, each.position);
    for (const NotificationTest& each : test.notifications) visit(each.alert, each.position);
  }
}

}  // namespace

Engine::Options RuleTester::OptionsOf(const RuleTest& test) const {
  Engine::Options options;
  options.lookback = file_.lookback;
  options.interval = file_.evaluation_interval;
  options.lateness = Duration{0};
  options.origin = test.start;
  options.external = {test.external_labels, test.external_url, false};
  options.group_order = file_.group_order;
  return options;
}

Diagnostics RuleTester::Check() const {
  SeriesRegistry registry;
  Engine engine(registry, OptionsOf({}));
  Diagnostics findings = engine.Load(rules_);
  if (HasErrors(findings)) return findings;
  const auto warn = [&](Position position, const std::string& what, std::string mend) {
    findings.push_back({.file = file_.file,
                        .position = position,
                        .severity = Diagnostic::Severity::kWarning,
                        .what = "no rule file has " + what,
                        .mend = std::move(mend)});
  };
  const std::vector<std::string> groups = GroupNames(rules_);
  for (const std::string& name : file_.group_order) {
    if (std::ranges::find(groups, name) != groups.end()) continue;
    warn(file_.group_order_position, "a group '" + name + "'", MendFor(name, groups));
  }
  // That an alert of no rule does not fire is true, and proves nothing.
  const std::vector<std::string> alerts = engine.alert_names();
  std::set<std::string_view> told;
  ForEachAlertOf(file_, [&](const std::string& name, Position position) {
    if (std::ranges::find(alerts, name) != alerts.end() || !told.insert(name).second) return;
    warn(position, "an alert '" + name + "'", MendFor(name, alerts));
  });
  return findings;
}

TestOutcome RuleTester::Run(const RuleTest& test) const {
  if (test.End() / file_.evaluation_interval >= kMostInstants) {
    return NotBegun(test, "it asks for more than ten million instants");
  }
  SeriesRegistry registry(kMostSeries);
  Engine engine(registry, OptionsOf(test));
  std::vector<RuleText> queries;
  queries.reserve(test.expressions.size());
  for (const ExpressionTest& each : test.expressions) queries.push_back({file_.file, each.expr});
  for (const Diagnostic& finding : engine.Load(rules_, queries)) {
    if (finding.severity == Diagnostic::Severity::kError) return NotBegun(test, finding.what);
  }
  Result<TestInputs> inputs = TestInputs::Open(test, registry, open_);
  if (!inputs) return NotBegun(test, inputs.error().message);
  return TestRun(file_, test, engine, std::move(inputs).value()).Run();
}

}  // namespace fleet_edge::rules
