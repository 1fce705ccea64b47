#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/rule_text.h"
#include "rules/testing/series_notation.h"

namespace fleet_edge::rules {

/// One series that a test feeds: a value each interval of the test.
struct InputSeries {
  std::string name;
  Labels labels;
  std::vector<ValueRun> values;
};

struct ExpectedAlert {
  Labels labels;  ///< with alertname
  Labels annotations;
};

/// The alerts of one name that fire at the last instant up to `at`, and no others.
struct AlertTest {
  Position position;
  Duration at{};  ///< since the start
  std::string alert;
  std::vector<ExpectedAlert> expected;
};

/// What an expression is at `at`, in any order.
struct ExpressionTest {
  Position position;                                ///< of the expression
  Duration at{};                                    ///< since the start
  std::string expr;                                 ///< parses, and its types are right
  std::vector<std::pair<Labels, double>> expected;  ///< labels with `__name__`
};

struct ExpectedNotification {
  Duration at{};  ///< since the start
  AlertState state = AlertState::kFiring;
  Labels labels;  ///< with alertname
};

/// All that `receiver` is told of the alerts of one name up to `at`.
struct NotificationTest {
  Position position;
  Duration at{};  ///< since the start
  std::string alert;
  std::string receiver;
  std::vector<ExpectedNotification> expected;
};

/// One test: what goes in, and what must come out.
struct RuleTest {
  Position position;
  std::string name;     ///< `unnamed#2` for the third, when its file names it not
  Duration interval{};  ///< between the values of a series; above 0
  UtcTime start{};
  std::vector<InputSeries> series;
  std::vector<std::string> recordings;  ///< paths as the file has them
  std::vector<AlertTest> alerts;
  std::vector<ExpressionTest> expressions;
  std::vector<NotificationTest> notifications;
  Labels external_labels;
  std::string external_url;

  /// The last time that anything is expected at.
  Duration End() const;
};

/// A file of tests as it says it, parsed and checked. A value.
struct TestFile {
  std::string file;
  std::vector<std::string> rule_files;  ///< paths and patterns as the file has them
  Position rule_files_position;
  Duration evaluation_interval{};  ///< of all groups; above 0
  std::vector<std::string> group_order;
  Position group_order_position;
  bool fuzzy_compare = false;
  Duration lookback{};
  std::vector<RuleTest> tests;
};

/// Reads one test file strictly: promtool's format and our own keys. All that is wrong with it is
/// added to `diagnostics`; what is returned is then incomplete.
TestFile ReadTestFile(const RuleText& source, Diagnostics& diagnostics);

}  // namespace fleet_edge::rules
