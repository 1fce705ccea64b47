#pragma once

#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/time.h"
#include "rules/engine.h"
#include "rules/rule_text.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::rules {

/// Runs the tests of one file over its rule files, as `promtool test rules` does: all groups at the
/// file's evaluation_interval, from each test's start, without lateness.
///
/// Used on one thread. Borrows the file, its texts and the opener, which outlive it.
class RuleTester {
 public:
  RuleTester(const TestFile& file, const std::vector<RuleText>& rules, const OpenRecordings& open)
      : file_(file), rules_(rules), open_(open) {}

  /// What is wrong with the rule files, and with what the test file says of them. With an error
  /// among it no test can be run.
  Diagnostics Check() const;

  /// Precondition: Check() found no error. The engine is a new one for each test.
  TestOutcome Run(const RuleTest& test) const;

 private:
  Engine::Options OptionsOf(const RuleTest& test) const;

  const TestFile& file_;
  const std::vector<RuleText>& rules_;
  const OpenRecordings& open_;
};

}  // namespace fleet_edge::rules
