#pragma once

#include <optional>
#include <string>
#include <utility>

#include "agent/rule_tests/test_report.h"
#include "rules/pattern.h"
#include "rules/rule_text.h"
#include "rules/testing/rule_tester.h"
#include "rules/testing/test_file.h"

namespace fleet_edge::agent {

/// Runs the unit tests of rules, file after file, and tells of each. One thread.
class RuleTests {
 public:
  /// Those whose name `wanted` matches; nothing: all. `report` outlives it.
  RuleTests(std::optional<rules::Pattern> wanted, TestReport& report)
      : wanted_(std::move(wanted)), report_(report) {}

  void RunFile(const std::string& path);

  const TestCounts& counts() const { return counts_; }

 private:
  void RunTest(const rules::TestFile& file, const rules::RuleTest& test,
               const rules::RuleTester& tester);

  const std::optional<rules::Pattern> wanted_;
  TestReport& report_;
  TestCounts counts_;
};

}  // namespace fleet_edge::agent
