#include "rules/testing/raw_test_file.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "core/nearest.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge::rules {
namespace {

constexpr std::array<std::string_view, 2> kReceivers{"driver", "fleet"};
constexpr std::array<std::string_view, 2> kStates{"firing", "resolved"};

/// Reads an optional key whose value may be missing: then it is as if the key were not there.
template <typename T>
void Given(Section& section, std::string_view key, T& value, std::string_view help) {
  if (!section.reading()) {
    section.Key(key, value, help);
    return;
  }
  YamlNode node;
  section.Key(key, node, help);
  if (node.kind != YamlNode::Kind::kNull) Section::Read(node, section.context(), value);
}

/// One of `known`, else a finding. A missing key is a finding already.
template <typename Known>
void CheckWord(Section& section, std::string_view key, const std::string& word,
               const Known& known) {
  if (word.empty() || std::ranges::find(known, word) != known.end()) return;
  const std::string_view near = Nearest(word, known);
  std::string mend = near.empty() ? "Known:" : "Did you mean '" + std::string(near) + "'?";
  if (near.empty()) {
    for (const std::string_view each : known) mend.append(" ").append(each);
  }
  section.Fail(key, "'" + word + "' is no " + std::string(key), mend);
}

}  // namespace

void Describe(Section& section, RawTestFile& file) {
  Given(section, "rule_files", file.rule_files,
        "Rule files or patterns, from the test file's folder.");
  Given(section, "evaluation_interval", file.evaluation_interval,
        "All groups are evaluated so often. Default 1m.");
  Given(section, "group_eval_order", file.group_eval_order,
        "Groups that are evaluated before the others, in this order.");
  Given(section, "fuzzy_compare", file.fuzzy_compare,
        "Values are equal when nothing lies between them.");
  Given(section, "lookback", file.lookback,
        "How old a selector's newest sample may be, where the rule file says nothing.");
  Given(section, "tests", file.tests, "The tests, each with series of its own.");
  if (!section.reading()) return;
  if (file.evaluation_interval == Duration{0}) file.evaluation_interval = std::chrono::minutes{1};
  if (file.lookback <= Duration{0}) {
    section.Fail("lookback", "the lookback is nothing", "Write a duration above 0, like 5m");
  }
  std::set<std::string_view> names;
  for (const std::string& name : file.group_eval_order) {
    if (names.insert(name).second) continue;
    section.Fail("group_eval_order", "group '" + name + "' stands twice in the order",
                 "Name it once");
  }
}

void Describe(Section& section, RawTest& test) {
  Given(section, "name", test.name, "Name of the test, for people and for --run.");
  Given(section, "interval", test.interval,
        "Time between the values of a series. Default: evaluation_interval.");
  Given(section, "start_timestamp", test.start_timestamp,
        "Time of the first value: RFC 3339, or seconds since 1970. Default 0.");
  Given(section, "input_series", test.input_series, "Series, in promtool's notation.");
  Given(section, "input_recordings", test.input_recordings,
        "Recordings from the test file's folder; their first reading is at the start.");
  Given(section, "alert_rule_test", test.alert_tests, "Alerts that must fire at a time.");
  Given(section, "promql_expr_test", test.expression_tests,
        "What an expression must be at a time.");
  Given(section, "notification_test", test.notification_tests,
        "Who must have been told what up to a time.");
  Given(section, "external_labels", test.external_labels, "$externalLabels of templates.");
  Given(section, "external_url", test.external_url, "$externalURL of templates.");
  if (section.reading()) test.position = section.PositionOf("");
}

void Describe(Section& section, RawInputSeries& input) {
  section.Require("series", input.series, "Name and labels, like cargo_celsius{zone=\"1\"}.");
  section.Require("values", input.values, "Values apart by spaces, like 1 2 _ 0+10x5 stale NaN.");
}

void Describe(Section& section, RawAlertTest& test) {
  Given(section, "eval_time", test.eval_time, "Time since the start. Default 0.");
  section.Require("alertname", test.alertname, "The alert's name.");
  Given(section, "exp_alerts", test.expected, "The alerts that fire; none when it is empty.");
  if (section.reading()) test.position = section.PositionOf("");
}

void Describe(Section& section, RawExpectedAlert& alert) {
  Given(section, "exp_labels", alert.labels, "Its labels, without alertname.");
  Given(section, "exp_annotations", alert.annotations, "Its annotations, templates filled in.");
}

void Describe(Section& section, RawExpressionTest& test) {
  section.Require("expr", test.expr, "PromQL.");
  Given(section, "eval_time", test.eval_time, "Time since the start. Default 0.");
  Given(section, "exp_samples", test.expected, "All that it yields, in any order.");
}

void Describe(Section& section, RawExpectedSample& sample) {
  Given(section, "labels", sample.labels, "Like cargo_celsius{zone=\"1\"}. Default {}.");
  Given(section, "value", sample.value, "Default 0.");
  Given(section, "histogram", sample.histogram, "Not supported.");
}

void Describe(Section& section, RawNotificationTest& test) {
  Given(section, "eval_time", test.eval_time, "Time since the start; all up to it counts.");
  section.Require("alertname", test.alertname, "The alert's name.");
  section.Require("receiver", test.receiver, "Who is told: driver or fleet.");
  Given(section, "exp_notifications", test.expected,
        "All that it is told; none when it is empty. What a cooldown holds back is not told.");
  if (!section.reading()) return;
  test.position = section.PositionOf("");
  CheckWord(section, "receiver", test.receiver, kReceivers);
}

void Describe(Section& section, RawExpectedNotification& notification) {
  section.Require("at", notification.at, "Time since the start.");
  section.Require("state", notification.state, "firing or resolved.");
  Given(section, "exp_labels", notification.labels, "The alert's labels, without alertname.");
  if (section.reading()) CheckWord(section, "state", notification.state, kStates);
}

}  // namespace fleet_edge::rules
