#include "rules/testing/test_file.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::rules {
namespace {

using Texts = std::vector<std::string>;
using std::chrono::minutes;
using std::chrono::seconds;

TestFile Read(std::string_view text) {
  Diagnostics findings;
  TestFile file = ReadTestFile({"t.yaml", std::string(text)}, findings);
  for (const Diagnostic& finding : findings) MESSAGE(ToString(finding));
  REQUIRE(findings.empty());
  return file;
}

/// All findings, one a line.
Texts Findings(std::string_view text) {
  Diagnostics findings;
  ReadTestFile({"t.yaml", std::string(text)}, findings);
  Texts texts;
  for (const Diagnostic& finding : findings) texts.push_back(ToString(finding));
  return texts;
}

/// Checks that the findings begin so, in this order.
void CheckFound(std::string_view text, const Texts& expected) {
  const Texts findings = Findings(text);
  REQUIRE(findings.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    INFO(findings[i]);
    CHECK(findings[i].starts_with(expected[i]));
  }
}

}  // namespace

TEST_CASE("Test file: all that it says is there") {
  const TestFile file = Read(R"(
rule_files: [rules/*.yaml, more.yaml]
evaluation_interval: 10s
group_eval_order: [b, a]
fuzzy_compare: true
lookback: 30s
tests:
  - name: hot
    interval: 1s
    start_timestamp: 2026-11-21T06:00:00Z
    input_series:
      - {series: 'x{zone="1"}', values: 1 2x3}
    input_recordings: [drive.csv]
    external_labels: {vehicle: t-1}
    external_url: http://hub
    alert_rule_test:
      - eval_time: 1m
        alertname: Hot
        exp_alerts:
          - exp_labels: {zone: 1}
            exp_annotations: {summary: it is hot}
    promql_expr_test:
      - expr: x > 1
        eval_time: 5s
        exp_samples:
          - {labels: 'x{zone="1"}', value: 2}
    notification_test:
      - eval_time: 2m
        alertname: Hot
        receiver: driver
        exp_notifications:
          - {at: 1m, state: resolved, exp_labels: {zone: 1}}
)");
  CHECK(file.rule_files == Texts{"rules/*.yaml", "more.yaml"});
  CHECK(file.evaluation_interval == seconds{10});
  CHECK(file.group_order == Texts{"b", "a"});
  CHECK(file.group_order_position == Position{4, 19});
  CHECK(file.fuzzy_compare);
  CHECK(file.lookback == seconds{30});
  REQUIRE(file.tests.size() == 1);
  const RuleTest& test = file.tests[0];
  CHECK(test.name == "hot");
  CHECK(test.interval == seconds{1});
  CHECK(fleet_edge::ToString(test.start) == "2026-11-21T06:00:00Z");
  REQUIRE(test.series.size() == 1);
  CHECK(test.series[0].name == "x");
  CHECK(test.series[0].labels == Labels{{"zone", "1"}});
  CHECK(test.series[0].values.size() == 2);
  CHECK(test.recordings == Texts{"drive.csv"});
  CHECK(test.external_labels == Labels{{"vehicle", "t-1"}});
  CHECK(test.external_url == "http://hub");
  REQUIRE(test.alerts.size() == 1);
  REQUIRE(test.alerts[0].expected.size() == 1);
  CHECK(test.alerts[0].expected[0].labels == Labels{{"alertname", "Hot"}, {"zone", "1"}});
  CHECK(test.alerts[0].expected[0].annotations == Labels{{"summary", "it is hot"}});
  REQUIRE(test.expressions.size() == 1);
  CHECK(test.expressions[0].expected[0].first == Labels{{"__name__", "x"}, {"zone", "1"}});
  CHECK(test.expressions[0].expected[0].second == 2);
  REQUIRE(test.notifications.size() == 1);
  CHECK(test.notifications[0].expected[0].state == AlertState::kResolved);
  CHECK(test.End() == minutes{2});
}

TEST_CASE("Test file: the defaults are promtool's, and a key without a value is not given") {
  const TestFile file = Read(R"(
rule_files:
evaluation_interval: 0s
tests:
  - input_series:
    external_labels:
    promql_expr_test:
      - expr: x
        exp_samples:
      - expr: y
        exp_samples:
          - value: 1
          - labels: z
  - {name: named, interval: 0}
)");
  CHECK(file.evaluation_interval == minutes{1});
  CHECK(file.lookback == minutes{5});
  CHECK_FALSE(file.fuzzy_compare);
  REQUIRE(file.tests.size() == 2);
  CHECK(file.tests[0].name == "unnamed#0");
  CHECK(file.tests[0].start == UtcTime{});
  CHECK(file.tests[0].interval == minutes{1});
  CHECK(file.tests[0].expressions[0].expected.empty());
  CHECK(file.tests[0].expressions[1].expected[0].first.empty());
  CHECK(file.tests[0].expressions[1].expected[1].second == 0);
  CHECK(file.tests[1].interval == minutes{1});
}

TEST_CASE("Test file: values are YAML's numbers, start times RFC 3339 or seconds") {
  const TestFile file = Read(R"(
tests:
  - start_timestamp: 1609459200.5
    promql_expr_test:
      - expr: x
        exp_samples:
          - value: -1.5e3
          - value: 0x10
          - value: .inf
          - value: -.Inf
          - value: .nan
)");
  CHECK(fleet_edge::ToString(file.tests[0].start) == "2021-01-01T00:00:00.500Z");
  const auto& expected = file.tests[0].expressions[0].expected;
  CHECK(expected[0].second == -1500);
  CHECK(expected[1].second == 16);
  CHECK(std::isinf(expected[2].second));
  CHECK(expected[3].second < 0);
  CHECK(std::isnan(expected[4].second));
}

TEST_CASE("Test file: all mistakes are told at once, each where it stands") {
  CheckFound(R"(evaluation_intervall: 1m
fuzzy_compare: perhaps
group_eval_order: [a, a]
tests:
  - interval: soon
    input_series:
      - series: x{zone=1}
        values: 1 2 three
      - series: '{zone="1"}'
        values: '{{schema:1}}'
      - valuse: 1
    promql_expr_test:
      - expr: sum(x
        exp_samples:
          - {labels: 'x{', value: one}
      - expr: |
          x +
          frate(x[5m])
    start_timestamp: noon
)",
             {
                 "t.yaml:2:16: error: 'perhaps' is neither true nor false",
                 "t.yaml:5:15: error: 'soon' is not a duration",
                 "t.yaml:11:9: error: key 'series' is missing",
                 "t.yaml:11:9: error: key 'values' is missing",
                 "t.yaml:11:9: error: unknown key 'valuse'. Did you mean 'values'?",
                 "t.yaml:3:19: error: group 'a' stands twice",
                 "t.yaml:1:1: error: unknown key 'evaluation_intervall'. Did you mean "
                 "'evaluation_interval'?",
                 "t.yaml:19:22: error: 'noon' is no time",
                 "t.yaml:7:24: error: expected the label's value in quotes",
                 "t.yaml:8:21: error: expected a number, _ or stale, got 'three'",
                 "t.yaml:10:18: error: histograms are not supported",
                 "t.yaml:13:20: error: expected ')'",
                 "t.yaml:15:25: error: expected a label's name, got the end",
                 "t.yaml:15:35: error: 'one' is not a number",
                 "t.yaml:18:11: error: there is no function 'frate'",
             });
}

TEST_CASE("Test file: what can't be tested is refused by name") {
  CheckFound(R"(tests:
  - input_series:
      - {series: 'x{a="1"}', values: 1}
      - {series: 'x{a="1"}', values: 2}
      - {series: '{a="1"}', values: 2}
    promql_expr_test:
      - expr: x
        exp_samples:
          - histogram: '{{schema:1}}'
      - expr: x[5m]
    notification_test:
      - {alertname: A, receiver: drivr, exp_notifications: [{at: 1m, state: over}]}
)",
             {
                 "t.yaml:12:77: error: 'over' is no state",
                 "t.yaml:12:34: error: 'drivr' is no receiver. Did you mean 'driver'?",
                 "t.yaml:4:18: error: the series 'x{a=\"1\"}' stands twice",
                 "t.yaml:5:18: error: the series has no name",
                 "t.yaml:9:24: error: histograms are not supported",
                 "t.yaml:10:15: error:",
             });
}

TEST_CASE("Test file: what is no test file is refused") {
  CheckFound("", {"t.yaml: error: the file is empty"});
  CheckFound("- a\n", {"t.yaml:1:1: error: expected a mapping"});
  CheckFound("groups: []\n",
             {"t.yaml:1:1: error: this is a file of rules. Check it with `fleet-edge check --rules "
              "FILE`; a file of tests names it under `rule_files:`"});
  CheckFound("tests: {a: b}\n", {"t.yaml:1:8: error: expected a list"});
  CHECK(Findings("tests: [").size() == 1);
  CHECK(Findings("lookback: 0s\n").size() == 1);
}

}  // namespace fleet_edge::rules
