#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/engine.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_inputs.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::rules {

/// Takes an engine from a test's start to its end and holds what comes against what is expected.
///
/// Lives for one test. The file, the test and the engine outlive it; the engine was loaded with the
/// test's expressions as its queries, in their order.
class TestRun {
 public:
  TestRun(const TestFile& file, const RuleTest& test, Engine& engine, TestInputs inputs);

  /// Called once.
  TestOutcome Run();

 private:
  using Expectation =
      std::variant<const AlertTest*, const ExpressionTest*, const NotificationTest*>;

  /// One thing to look at, once the last instant up to `at` is evaluated.
  struct Check {
    Duration at;
    Expectation expectation;
    std::size_t query = 0;  // of an expression
  };

  /// False when a rule had no result: the test can't go on.
  bool Evaluate(UtcTime instant);
  void Look(const Check& check);
  void Fill(const AlertTest& test, const Check& check, Mismatch& mismatch);
  void Fill(const ExpressionTest& test, const Check& check, Mismatch& mismatch);
  void Fill(const NotificationTest& test, const Check& check, Mismatch& mismatch);

  const TestFile& file_;
  const RuleTest& test_;
  Engine& engine_;
  TestInputs inputs_;
  const UtcTime last_;         // instant of the test; what comes later is not fed
  std::vector<Check> checks_;  // by time
  std::vector<AlertEvent> told_;
  Changes changes_;  // of one instant
  TestOutcome outcome_;
};

}  // namespace fleet_edge::rules
