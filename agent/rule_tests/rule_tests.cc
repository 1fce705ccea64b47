#include "agent/rule_tests/rule_tests.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/rule_tests/test_recordings.h"
#include "agent/rule_tests/test_report.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/series.h"
#include "rules/rule_text.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/rule_tester.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::agent {
namespace {

/// What a test file means by a path: relative to its own folder.
std::string Beside(const std::string& file, const std::string& name) {
  return (std::filesystem::path(file).parent_path() / name).lexically_normal().string();
}

rules::TestFile ReadTests(const std::string& path, Diagnostics& findings) {
  Result<std::string> text = ReadFile(path);
  if (text) return rules::ReadTestFile({path, std::move(text).value()}, findings);
  findings.push_back({.file = path,
                      .position = {},
                      .what = "the test file " + text.error().message,
                      .mend = "Check the path"});
  return {};
}

/// As promtool does: a pattern that names no file is worth a warning.
std::vector<rules::RuleText> ReadRules(const rules::TestFile& file, Diagnostics& findings) {
  Diagnostic finding{
      .file = file.file, .position = file.rule_files_position, .what = {}, .mend = {}};
  std::vector<std::string> patterns;
  for (const std::string& name : file.rule_files) {
    std::string pattern = Beside(file.file, name);
    if (ExpandGlob(pattern).empty()) {
      finding.severity = Diagnostic::Severity::kWarning;
      finding.what = "no file matches " + pattern;
      finding.mend = "Write paths from the test file's folder";
      findings.push_back(finding);
    } else {
      patterns.push_back(std::move(pattern));
    }
  }
  auto texts = ReadRuleFiles(patterns);
  if (texts) return std::move(texts).value();
  finding.severity = Diagnostic::Severity::kError;
  finding.what = texts.error().message;
  finding.mend = "Check the path";
  findings.push_back(finding);
  return {};
}

}  // namespace

void RuleTests::RunFile(const std::string& path) {
  Diagnostics findings;
  const rules::TestFile file = ReadTests(path, findings);
  const std::vector<rules::RuleText> rules = ReadRules(file, findings);
  const rules::OpenRecordings open = [&](const std::vector<std::string>& names,
                                         SeriesRegistry& registry) {
    std::vector<std::string> paths;
    paths.reserve(names.size());
    for (const std::string& name : names) paths.push_back(Beside(file.file, name));
    return OpenTestRecordings(paths, registry);
  };
  const rules::RuleTester tester(file, rules, open);
  if (!HasErrors(findings)) {
    std::ranges::move(tester.Check(), std::back_inserter(findings));
  }
  const bool unusable = HasErrors(findings);
  report_.Tell(std::move(findings));
  if (unusable) {
    ++counts_.unusable;
    return;
  }
  for (const rules::RuleTest& test : file.tests) {
    if (!wanted_ || wanted_->Matches(test.name)) RunTest(file, test, tester);
  }
}

void RuleTests::RunTest(const rules::TestFile& file, const rules::RuleTest& test,
                        const rules::RuleTester& tester) {
  const auto begin = std::chrono::steady_clock::now();
  const rules::TestOutcome outcome = tester.Run(test);
  const auto took = std::chrono::steady_clock::now() - begin;
  ++(outcome.ok() ? counts_.passed : counts_.failed);
  report_.Tell(
      {file.file, test, outcome, std::chrono::duration_cast<std::chrono::microseconds>(took)});
}

}  // namespace fleet_edge::agent
