#include "rules/testing/rule_tester.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/rule_text.h"
#include "rules/testing/recorded_readings.h"
#include "rules/testing/test_file.h"
#include "rules/testing/test_outcome.h"

namespace fleet_edge::rules {
namespace {

using Texts = std::vector<std::string>;
using std::chrono::seconds;

constexpr const char* kRules = R"(
groups:
  - name: engine
    interval: 7s
    lateness: 3s
    rules:
      - alert: Hot
        expr: celsius > 100
        for: 1m
        cooldown: 5m
        notify: [driver]
        labels: {severity: critical}
        annotations: {summary: "at {{ $value }}"}
)";

/// A reading a second from an hour in 2026 on, values counting from 0.
class Counting final : public RecordedReadings {
 public:
  Counting(const Series* series, int count) : series_(series), count_(count) {}

  const Reading* Next() override {
    if (given_ == count_) return nullptr;
    reading_ = {series_, UtcTime{seconds{1'800'000'000 + given_}}, static_cast<double>(given_),
                Quality::kGood};
    ++given_;
    return &reading_;
  }

 private:
  const Series* series_;
  int count_;
  int given_ = 0;
  Reading reading_;
};

/// One file of tests over kRules, and what came of each.
class World {
 public:
  explicit World(std::string_view tests, std::string_view rules = kRules)
      : rules_{{"r.yaml", std::string(rules)}}, file_(Read(tests)), tester_(file_, rules_, open_) {}

  Diagnostics Check() const { return tester_.Check(); }
  TestOutcome Run(std::size_t test = 0) const { return tester_.Run(file_.tests.at(test)); }

 private:
  static TestFile Read(std::string_view text) {
    Diagnostics findings;
    TestFile file = ReadTestFile({"t.yaml", std::string(text)}, findings);
    for (const Diagnostic& finding : findings) MESSAGE(ToString(finding));
    REQUIRE(findings.empty());
    return file;
  }

  static Result<std::unique_ptr<RecordedReadings>> Open(const Texts& files,
                                                        SeriesRegistry& registry) {
    if (files.front() == "missing.csv") {
      return Error{Error::Code::kFatal, "missing.csv: no such file"};
    }
    return std::unique_ptr<RecordedReadings>(
        std::make_unique<Counting>(registry.Find("count", {}), 100));
  }

  std::vector<RuleText> rules_;
  TestFile file_;
  OpenRecordings open_ = Open;
  RuleTester tester_;
};

}  // namespace

TEST_CASE("Rule tester: alerts fire at the file's interval, pending ones don't count") {
  const World world(R"(
evaluation_interval: 30s
tests:
  - interval: 30s
    input_series: [{series: celsius, values: 99 101x3 90}]
    alert_rule_test:
      - {eval_time: 1m29s, alertname: Hot}
      - eval_time: 1m30s
        alertname: Hot
        exp_alerts:
          - {exp_labels: {severity: critical}, exp_annotations: {summary: at 101}}
      - {eval_time: 2m30s, alertname: Hot}
)");
  CHECK(world.Check().empty());
  CHECK(world.Run().ok());
}

TEST_CASE("Rule tester: a difference has both sides, where it stands and when") {
  const World world(R"(
tests:
  - input_series: [{series: celsius, values: 101x3}]
    alert_rule_test:
      - {eval_time: 2m, alertname: Hot}
    promql_expr_test:
      - {expr: celsius, eval_time: 1m, exp_samples: [{labels: 'celsius{zone="1"}', value: 101}]}
)");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 2);
  const Mismatch& alert = outcome.mismatches[0];
  CHECK(alert.kind == Mismatch::Kind::kAlert);
  CHECK(alert.position.line == 5);
  CHECK(alert.subject == "Hot");
  CHECK(alert.at == seconds{120});
  CHECK(alert.expected.empty());
  CHECK(alert.got == Texts{"{alertname=\"Hot\",severity=\"critical\"}", "  summary: at 101"});
  const Mismatch& expression = outcome.mismatches[1];
  CHECK(expression.position.line == 7);
  CHECK(expression.expected == Texts{"celsius{zone=\"1\"} 101"});
  CHECK(expression.got == Texts{"celsius 101"});
}

TEST_CASE("Rule tester: NaN equals NaN, 0 equals -0, and nothing else that isn't") {
  const World world(R"(
tests:
  - input_series:
      - {series: a, values: NaN}
      - {series: b, values: 0}
      - {series: c, values: 0.30000000000000004}
    promql_expr_test:
      - {expr: a, exp_samples: [{labels: a, value: .nan}]}
      - {expr: b * -1, exp_samples: [{value: 0}]}
      - {expr: c, exp_samples: [{labels: c, value: 0.3}]}
)");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 1);
  CHECK(outcome.mismatches[0].got == Texts{"c 0.30000000000000004"});
}

TEST_CASE("Rule tester: fuzzy values may be neighbours, no more") {
  const World world(R"(
fuzzy_compare: true
tests:
  - input_series:
      - {series: c, values: 0.30000000000000004}
      - {series: d, values: 0.3000000000000001}
    promql_expr_test:
      - {expr: c, exp_samples: [{labels: c, value: 0.3}]}
      - {expr: d, exp_samples: [{labels: d, value: 0.3}]}
)");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 1);
  CHECK(outcome.mismatches[0].subject == "d");
}

TEST_CASE("Rule tester: samples behind the last instant are not seen, as for promtool") {
  const World world(R"(
tests:
  - interval: 10s
    input_series: [{series: a, values: 0+1x20}]
    promql_expr_test:
      - {expr: a, eval_time: 59s, exp_samples: [{labels: a, value: 0}]}
  - interval: 10s
    input_series: [{series: a, values: 0+1x20}]
    promql_expr_test:
      - {expr: a, eval_time: 59s, exp_samples: [{labels: a, value: 5}]}
      - {expr: a, eval_time: 60s, exp_samples: [{labels: a, value: 6}]}
)");
  CHECK(world.Run(0).ok());
  CHECK(world.Run(1).ok());
}

TEST_CASE("Rule tester: who is told what, and what the cooldown holds back is not told") {
  const World world(R"(
evaluation_interval: 30s
tests:
  - interval: 30s
    input_series: [{series: celsius, values: 101x4 90x2 101x3 90}]
    notification_test:
      - eval_time: 10m
        alertname: Hot
        receiver: driver
        exp_notifications:
          - {at: 1m, state: firing, exp_labels: {severity: critical}}
          - {at: 2m30s, state: resolved, exp_labels: {severity: critical}}
      - {eval_time: 10m, alertname: Hot, receiver: fleet}
      - {eval_time: 59s, alertname: Hot, receiver: driver}
)");
  CHECK(world.Run().ok());
}

TEST_CASE("Rule tester: a notification that is missing or late is a difference") {
  const World world(R"(
tests:
  - input_series: [{series: celsius, values: 101x4}]
    notification_test:
      - eval_time: 10m
        alertname: Hot
        receiver: driver
        exp_notifications: [{at: 2m, state: firing, exp_labels: {severity: critical}}]
)");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 1);
  CHECK(outcome.mismatches[0].subject == "Hot to driver");
  CHECK(outcome.mismatches[0].expected ==
        Texts{"2m firing {alertname=\"Hot\",severity=\"critical\"}"});
  CHECK(outcome.mismatches[0].got ==
        Texts{"1m firing {alertname=\"Hot\",severity=\"critical\"}",
              "9m resolved {alertname=\"Hot\",severity=\"critical\"}"});
}

TEST_CASE("Rule tester: a recording begins at the test's start") {
  const World world(R"(
evaluation_interval: 1s
tests:
  - input_recordings: [drive.csv]
    start_timestamp: 2020-01-01T00:00:00Z
    promql_expr_test:
      - {expr: count, eval_time: 0, exp_samples: [{labels: count, value: 0}]}
      - {expr: count, eval_time: 42s, exp_samples: [{labels: count, value: 42}]}
  - input_recordings: [missing.csv]
)");
  CHECK(world.Run(0).ok());
  const TestOutcome outcome = world.Run(1);
  REQUIRE(outcome.mismatches.size() == 1);
  CHECK(outcome.mismatches[0].kind == Mismatch::Kind::kInput);
  CHECK(outcome.mismatches[0].error == "missing.csv: no such file");
}

TEST_CASE("Rule tester: a rule without a result ends the test there") {
  const World world(R"(
tests:
  - input_series:
      - {series: 'a{x="1"}', values: 1 1}
      - {series: 'a{x="2"}', values: 1 1}
      - {series: b, values: _ 1}
    promql_expr_test:
      - {expr: 1 + 1, eval_time: 1m, exp_samples: [{value: 3}]}
)",
                    "groups: [{name: g, rules: [{record: c, expr: b * on() a}]}]");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 1);
  CHECK(outcome.mismatches[0].kind == Mismatch::Kind::kRule);
  CHECK(outcome.mismatches[0].subject == "c");
  CHECK_FALSE(outcome.mismatches[0].error.empty());
}

TEST_CASE("Rule tester: an expression without a result is told, and the others go on") {
  const World world(R"(
tests:
  - input_series:
      - {series: 'a{x="1"}', values: 1 1}
      - {series: 'a{x="2"}', values: 1 1}
    promql_expr_test:
      - {expr: sum(a) * on() a, eval_time: 1m}
      - {expr: 1 + 1, eval_time: 1m, exp_samples: [{value: 3}]}
)");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 2);
  CHECK_FALSE(outcome.mismatches[0].error.empty());
  CHECK(outcome.mismatches[1].got == Texts{"{} 2"});
}

TEST_CASE("Rule tester: rule files are checked, and the order of groups against them") {
  const World world("group_eval_order: [engin]\n");
  const Diagnostics findings = world.Check();
  REQUIRE(findings.size() == 1);
  CHECK(ToString(findings[0]) ==
        "t.yaml:1:19: warning: no rule file has a group 'engin'. Did you mean 'engine'?");
  CHECK(HasErrors(World("tests: []\n", "groups: 3\n").Check()));
}

TEST_CASE("Rule tester: an alert that no rule has is told once, with the nearest") {
  const World world(R"(tests:
  - alert_rule_test:
      - {eval_time: 1m, alertname: Hott}
      - {eval_time: 2m, alertname: Hott}
      - {eval_time: 2m, alertname: Hot}
    notification_test:
      - {eval_time: 2m, alertname: Entirely, receiver: driver}
)");
  const Diagnostics findings = world.Check();
  REQUIRE(findings.size() == 2);
  CHECK(ToString(findings[0]) ==
        "t.yaml:3:9: warning: no rule file has an alert 'Hott'. Did you mean 'Hot'?");
  CHECK(ToString(findings[1]) ==
        "t.yaml:7:9: warning: no rule file has an alert 'Entirely'. Remove it");
  CHECK(world.Run().ok());
}

TEST_CASE("Rule tester: more instants than anybody waits for are refused") {
  const World world(R"(
evaluation_interval: 1ms
tests:
  - alert_rule_test: [{eval_time: 1y, alertname: Hot}]
)");
  const TestOutcome outcome = world.Run();
  REQUIRE(outcome.mismatches.size() == 1);
  CHECK(outcome.mismatches[0].error == "it asks for more than ten million instants");
}

}  // namespace fleet_edge::rules
