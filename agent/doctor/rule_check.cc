#include "agent/doctor/rule_check.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/doctor/finding.h"
#include "agent/rule_tests/rule_tests.h"
#include "agent/rule_tests/test_report.h"
#include "agent/text/wording.h"
#include "core/diagnostic.h"
#include "core/series.h"
#include "rules/advice.h"
#include "rules/engine.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent::doctor {
namespace {

// More failures of one run, or doubts, are not told.
constexpr std::size_t kMaxTold = 10;

/// Makes findings of what fails.
class Failures final : public TestReport {
 public:
  void Tell(Diagnostics findings) override {
    for (const Diagnostic& finding : findings) {
      if (finding.severity == Diagnostic::Severity::kError) {
        Add(FindingOf("rules", "rule_tests_failing", finding));
      }
    }
  }
  void Tell(const TestResult& result) override {
    if (result.outcome.ok()) return;
    Add({.check = "rules",
         .subject = result.file,
         .verdict = Verdict::kError,
         .id = "rule_tests_failing",
         .what = "the test '" + result.test.name + "' fails",
         .mend = "`fleet-edge test " + result.file + "` tells what was expected and what came"});
  }
  void Tell(const TestCounts& /*counts*/) override {}

  std::vector<Finding> Take() { return std::move(findings_); }

 private:
  void Add(Finding finding) {
    if (findings_.size() < kMaxTold) findings_.push_back(std::move(finding));
  }

  std::vector<Finding> findings_;
};

/// The test files beside these rule files.
std::set<std::string> TestsBeside(const std::vector<rules::RuleText>& files) {
  std::set<std::string> tests;
  for (const rules::RuleText& file : files) {
    const auto folder = std::filesystem::path(file.file).parent_path() / "tests" / "*.yaml";
    for (std::string& one : ExpandGlob(folder.string())) tests.insert(std::move(one));
  }
  return tests;
}

std::vector<Finding> RunTests(const std::vector<rules::RuleText>& files) {
  const auto tests = TestsBeside(files);
  if (tests.empty()) return {};
  Failures failures;
  RuleTests run(std::nullopt, failures);
  for (const std::string& file : tests) run.RunFile(file);
  std::vector<Finding> findings = failures.Take();
  if (findings.empty()) {
    findings.push_back(Well("rules", "tests", Wording(run.counts().passed, "test") + " passed"));
  }
  return findings;
}

}  // namespace

Finding FindingOf(const char* check, const char* id, const Diagnostic& finding) {
  const bool is_error = finding.severity == Diagnostic::Severity::kError;
  std::string place = finding.file;
  if (finding.position.line > 0) {
    place +=
        ":" + std::to_string(finding.position.line) + ":" + std::to_string(finding.position.column);
  }
  return {.check = check,
          .subject = place,
          .verdict = is_error ? Verdict::kError : Verdict::kWarning,
          .id = id,
          .what = finding.what,
          .mend = finding.mend};
}

std::vector<Finding> ExamineRules(const std::vector<std::string>& patterns,
                                  const rules::VehicleFacts& vehicle) {
  if (patterns.empty()) return {Skipped("rules", {}, "because none are configured")};
  const auto files = ReadRuleFiles(patterns);
  if (!files) {
    return {{.check = "rules",
             .subject = {},
             .verdict = Verdict::kError,
             .id = "rules_refused",
             .what = files.error().message,
             .mend = "Check the path and its permissions"}};
  }
  SeriesRegistry registry;
  rules::Engine engine(registry, {});
  const Diagnostics found = engine.Load(*files);
  std::vector<Finding> findings;
  for (const Diagnostic& one : found) findings.push_back(FindingOf("rules", "rules_refused", one));
  if (HasErrors(found)) return findings;
  Diagnostics doubts = rules::AdviseOnRules(*files, vehicle);
  if (doubts.size() > kMaxTold) doubts.resize(kMaxTold);
  for (const Diagnostic& one : doubts)
    findings.push_back(FindingOf("rules", "rules_doubtful", one));
  if (found.empty()) {
    findings.push_back(Well("rules", {},
                            Wording(engine.rule_count(), "rule") + " in " +
                                Wording(files->size(), "file") + ", no mistakes"));
  }
  for (Finding& one : RunTests(*files)) findings.push_back(std::move(one));
  return findings;
}

}  // namespace fleet_edge::agent::doctor
