#include "rules/rule_file.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

/// All findings, one a line.
Texts Findings(std::string_view text) {
  Diagnostics diagnostics;
  ReadRuleFile({"r.yaml", std::string(text)}, std::chrono::seconds{30}, {}, diagnostics);
  Texts texts;
  for (const Diagnostic& diagnostic : diagnostics) texts.push_back(ToString(diagnostic));
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

TEST_CASE("Rule file: all that it says is there, with the defaults for what it doesn't") {
  Diagnostics diagnostics;
  const auto groups = ReadRuleFile({"r.yaml", R"(
lookback: 1m
groups:
  - name: a
    labels: {team: x, severity: low}
    rules:
      - alert: A
        expr: x > 1
        for: 20s
        keep_firing_for: 30s
        clear: x < 0
        cooldown: 5m
        notify: [driver, fleet]
        labels: {severity: critical}
        annotations: {summary: "it is {{ $value }}"}
  - name: b
    interval: 1s
    lateness: 0s
    lookback: 5s
    rules:
      - record: x:y
        expr: sum(x)
        labels: {of: all}
)"},
                                   std::chrono::seconds{30}, {}, diagnostics);
  REQUIRE(diagnostics.empty());
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].interval == std::chrono::seconds{10});
  CHECK(groups[0].lateness == std::chrono::milliseconds{500});
  CHECK(groups[0].lookback == std::chrono::minutes{1});
  CHECK(groups[1].lookback == std::chrono::seconds{5});
  const RuleSpec& alert = groups[0].rules[0];
  CHECK(alert.timing.hold == std::chrono::seconds{20});
  CHECK(alert.timing.keep_firing == std::chrono::seconds{30});
  CHECK(alert.timing.cooldown == std::chrono::minutes{5});
  CHECK(alert.timing.clears);
  CHECK(alert.notify == Texts{"driver", "fleet"});
  REQUIRE(alert.labels.size() == 2);
  CHECK(alert.labels[1].second.Expand({0, {}, {}, ""}) == "critical");
  CHECK(groups[1].rules[0].kind == RuleSpec::Kind::kRecord);
  CHECK(groups[1].rules[0].record_labels.at("of") == "all");
}

TEST_CASE("Rule file: all its mistakes come in one go, each with line and column") {
  CheckFound(
      R"(groups:
  - name: engine
    intervall: 1s
    rules:
      - alert: Hot
        expr: avg_ovr_time(x[10s]) > 1
        for: soon
      - alert: Cold
        expr: "x and\t1"
        notify: [pilot]
)",
      {"r.yaml:7:14: error: 'soon' is not a duration",
       "r.yaml:10:17: error: nobody is called 'pilot'",
       "r.yaml:3:5: error: unknown key 'intervall'. Did you mean 'interval'?",
       "r.yaml:6:15: error: there is no function 'avg_ovr_time'. Did you mean 'avg_over_time'?",
       "r.yaml:9:18: error: 'and' joins two instant vectors, got a scalar"});
}

TEST_CASE("Rule file: an expression that is only a comment, or nothing, is empty") {
  CheckFound(
      "groups:\n- name: a\n  rules:\n  - record: b\n    expr: # b > 1\n  - record: c\n    expr:\n",
      {"r.yaml:6:3: error: the expression is empty", "r.yaml:8:1: error: the expression is empty"});
}

TEST_CASE("Rule file: an expression's mistake is found through every way YAML has of writing it") {
  const std::string head = "groups:\n- name: g\n  rules:\n  - alert: A\n";
  CheckFound(head + "    expr: x + limitk(1, y)\n", {"r.yaml:5:15: error"});
  CheckFound(head + "    expr: 'x{a=''b''} + limitk(1, y)'\n", {"r.yaml:5:25: error"});
  CheckFound(head + "    expr: \"x{a=\\\"b\\\"} + limitk(1, y)\"\n", {"r.yaml:5:25: error"});
  CheckFound(head + "    expr: |\n      x\n        + limitk(1, y)\n", {"r.yaml:7:11: error"});
  CheckFound(head + "    expr: >-  # folded\n      x\n      + limitk(1, y)\n",
             {"r.yaml:7:9: error"});
  CheckFound(head + "    expr: x\n      + limitk(1, y)\n", {"r.yaml:6:9: error"});
  CheckFound(head + "    expr: x +\n", {"r.yaml:5:14: error: expected an expression, got the end"});
}

TEST_CASE("Rule file: templates are checked at load, in their place") {
  CheckFound(R"(groups:
- name: g
  rules:
  - alert: A
    expr: x
    labels: {zone: "{{ $labels.zone | stripPort }}"}
    annotations:
      summary: "at {{ $value | humanise }}"
)",
             {"r.yaml:6:39: error: 'stripPort' in a template is not supported here",
              "r.yaml:8:32: error: 'humanise' is no function of templates"});
}

TEST_CASE("Rule file: names and keys must fit") {
  CheckFound("groups:\n- name: g\n  rules:\n  - expr: x\n",
             {"r.yaml:4:5: error: the rule has no name"});
  CheckFound("groups:\n- name: g\n  rules:\n  - {alert: A, record: b, expr: x}\n",
             {"r.yaml:4:5: error: the rule is an alert and a recording rule"});
  CheckFound("groups:\n- name: g\n  rules:\n  - {record: a-b, expr: x, for: 1s}\n",
             {"r.yaml:4:14: error: 'a-b' can't name a series",
              "r.yaml:4:33: error: 'for' belongs to alerts"});
  CheckFound("groups:\n- name: g\n  rules:\n  - {alert: A, expr: x, labels: {a-b: c}}\n",
             {"r.yaml:4:34: error: 'a-b' is no label name"});
  CheckFound("groups:\n- {name: g}\n- {name: g}\n", {"r.yaml:3:10: error: group 'g' stands twice"});
  CheckFound("groups:\n- {name: g, interval: 1ms}\n",
             {"r.yaml:2:23: error: the interval is too short"});
  CheckFound("groups:\n- {name: g, interval: 99y}\n",
             {"r.yaml:2:23: error: the interval is too long"});
  CheckFound("groups: 7\n", {"r.yaml:1:9: error: expected a list"});
  CheckFound("groups:\n- name: g\n  rules:\n  - {alert: A, expr: [x]}\n",
             {"r.yaml:4:22: error: the expression is not a text"});
}

TEST_CASE("Rule file: another kind of file is told with the command that takes it") {
  CheckFound("rule_files: [a.yaml]\nevaluation_interval: 1s\ntests: []\n",
             {"r.yaml:1:1: error: this is a file of tests. Run it with `fleet-edge test FILE`"});
  CheckFound("vehicle: {id: a}\ndrivers: []\n",
             {"r.yaml:1:1: error: this is a configuration. Check it, and the rules it names, with "
              "`fleet-edge check -c FILE`"});
  CheckFound("groups: []\ntests: []\n",
             {"r.yaml:2:1: error: unknown key 'tests'. Allowed here: lookback groups"});
}

TEST_CASE("Rule file: a key that is half written is known") {
  CheckFound("groups:\n- name: g\n  rules:\n  - {alert: A, expr: x, keep_firing: 1s}\n",
             {"r.yaml:4:25: error: unknown key 'keep_firing'. Did you mean 'keep_firing_for'?"});
}

TEST_CASE("Rule file: an empty file has no groups") {
  CHECK(Findings("").empty());
  CHECK(Findings("# nothing\n").empty());
  CHECK(Findings("groups: []\n").empty());
}

TEST_CASE("Rule file: the fingerprint is of what the rule says, not of how it is written") {
  const auto fingerprint = [](const std::string& rule) {
    Diagnostics diagnostics;
    const auto groups = ReadRuleFile({"r.yaml", "groups:\n- name: g\n  rules:\n  - " + rule + "\n"},
                                     std::chrono::seconds{30}, {}, diagnostics);
    REQUIRE(diagnostics.empty());
    return groups[0].rules[0].fingerprint;
  };
  const auto plain = fingerprint("{alert: A, expr: x > 1}");
  CHECK(fingerprint("{expr: \"x  >  1\", alert: 'A'}") == plain);
  CHECK(fingerprint("{alert: A, expr: x > 2}") != plain);
  CHECK(fingerprint("{alert: B, expr: x > 1}") != plain);
  CHECK(fingerprint("{alert: A, expr: x > 1, for: 1s}") != plain);
  CHECK(fingerprint("{alert: A, expr: x > 1, labels: {a: b}}") != plain);
  CHECK(fingerprint("{alert: A, expr: x > 1, annotations: {a: b}}") != plain);
}

}  // namespace fleet_edge::rules
