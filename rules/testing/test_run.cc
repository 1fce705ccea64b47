#include "rules/testing/test_run.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/engine.h"
#include "rules/query.h"
#include "rules/testing/comparison.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_inputs.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::rules {
namespace {

Mismatch Begin(const AlertTest& test) {
  return {.kind = Mismatch::Kind::kAlert,
          .position = test.position,
          .subject = test.alert,
          .at = test.at};
}

Mismatch Begin(const ExpressionTest& test) {
  return {.kind = Mismatch::Kind::kExpression,
          .position = test.position,
          .subject = test.expr,
          .at = test.at};
}

Mismatch Begin(const NotificationTest& test) {
  return {.kind = Mismatch::Kind::kNotification,
          .position = test.position,
          .subject = test.alert + " to " + test.receiver,
          .at = test.at};
}

/// The receiver is told of it now.
bool IsTold(const AlertEvent& event) {
  const bool says_something =
      event.state == AlertState::kFiring || event.state == AlertState::kResolved;
  return says_something && event.cooled_down;
}

}  // namespace

TestRun::TestRun(const TestFile& file, const RuleTest& test, Engine& engine, TestInputs inputs)
    : file_(file),
      test_(test),
      engine_(engine),
      inputs_(std::move(inputs)),
      last_(test.start + test.End() - test.End() % file.evaluation_interval) {
  for (const AlertTest& each : test.alerts) checks_.push_back({each.at, &each});
  for (const ExpressionTest& each : test.expressions) {
    const auto query = static_cast<std::size_t>(&each - test.expressions.data());
    checks_.push_back({each.at, &each, query});
  }
  for (const NotificationTest& each : test.notifications) checks_.push_back({each.at, &each});
  std::ranges::stable_sort(checks_, {}, &Check::at);
}

TestOutcome TestRun::Run() {
  auto next = checks_.begin();
  for (UtcTime instant = test_.start; instant <= last_; instant += file_.evaluation_interval) {
    if (!Evaluate(instant)) break;
    const Duration until = instant - test_.start + file_.evaluation_interval;
    for (; next != checks_.end() && next->at < until; ++next) Look(*next);
  }
  std::ranges::stable_sort(outcome_.mismatches, {}, [](const Mismatch& mismatch) {
    return std::tuple(mismatch.position.line, mismatch.position.column);
  });
  return std::move(outcome_);
}

bool TestRun::Evaluate(UtcTime instant) {
  inputs_.FeedUntil(instant, engine_);
  changes_ = {};
  engine_.AdvanceTo(instant, changes_);
  std::ranges::copy_if(changes_.alerts, std::back_inserter(told_), IsTold);
  for (const RuleFailure& failure : changes_.failures) {
    outcome_.mismatches.push_back({.kind = Mismatch::Kind::kRule,
                                   .position = test_.position,
                                   .subject = failure.rule,
                                   .at = failure.at - test_.start,
                                   .error = failure.what});
  }
  return changes_.failures.empty();
}

void TestRun::Look(const Check& check) {
  std::visit(
      [&](const auto* test) {
        Mismatch mismatch = Begin(*test);
        Fill(*test, check, mismatch);
        if (!mismatch.error.empty() || mismatch.expected != mismatch.got) {
          outcome_.mismatches.push_back(std::move(mismatch));
        }
      },
      check.expectation);
}

void TestRun::Fill(const AlertTest& test, const Check& /*check*/, Mismatch& mismatch) {
  std::vector<AlertEvent> firing = engine_.Firing();
  std::erase_if(firing, [&](const AlertEvent& event) { return event.alert != test.alert; });
  Compare(test, firing, mismatch);
}

void TestRun::Fill(const ExpressionTest& test, const Check& check, Mismatch& mismatch) {
  const UtcTime at = test_.start + check.at;
  // As promtool, which loads nothing behind the last instant.
  inputs_.FeedUntil(std::min(at, last_), engine_);
  const QueryResult result = engine_.Ask(check.query, at);
  if (result.failure) {
    mismatch.error = *result.failure;
  } else {
    Compare(test, result, file_.fuzzy_compare, mismatch);
  }
}

void TestRun::Fill(const NotificationTest& test, const Check& check, Mismatch& mismatch) {
  std::vector<AlertEvent> told;
  std::ranges::copy_if(told_, std::back_inserter(told), [&](const AlertEvent& event) {
    return event.alert == test.alert && event.at - test_.start <= check.at &&
           std::ranges::find(event.notify, test.receiver) != event.notify.end();
  });
  Compare(test, told, test_.start, mismatch);
}

}  // namespace fleet_edge::rules
