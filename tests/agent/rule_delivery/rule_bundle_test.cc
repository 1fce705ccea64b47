#include "agent/rule_delivery/rule_bundle.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <stop_token>
#include <string>

#include "agent/rule_delivery/bundle_trial.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kBundle = R"(# of the north
---
bundle: north-42
---
groups:
- name: speed
  interval: 1s
  rules:
  - {alert: Speeding, expr: vehicle_speed_kmh > 90}
---
evaluation_interval: 1s
tests:
- interval: 1s
  input_series: [{series: vehicle_speed_kmh, values: 100x10}]
  alert_rule_test: [{eval_time: 5s, alertname: Speeding, exp_alerts: [{}]}]
)";

struct Read {
  RuleBundle bundle;
  Diagnostics findings;
};

Read ReadText(const std::string& text) {
  Read read;
  read.bundle = ReadBundle({"bundle", text}, read.findings);
  return read;
}

std::string FirstOf(const Diagnostics& findings) {
  return findings.empty() ? "" : ToString(findings.front());
}

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

BundleTrial Try(const std::string& text, const std::stop_token& stop = {}) {
  const Read read = ReadText(text);
  REQUIRE(FirstOf(read.findings) == "");
  return TryBundle(read.bundle, {}, {}, stop);
}

TEST_CASE("Rule bundle: rules and tests are told apart, and keep their places") {
  const auto [bundle, findings] = ReadText(kBundle);
  CHECK(FirstOf(findings) == "");
  CHECK(bundle.id == "north-42");
  REQUIRE(bundle.rules.size() == 1);
  REQUIRE(bundle.tests.size() == 1);
  CHECK(bundle.rules[0].text.starts_with("\n\n\n\ngroups:"));
}

TEST_CASE("Rule bundle: one with a name alone withdraws all rules") {
  const auto [bundle, findings] = ReadText("bundle: none\n");
  CHECK(findings.empty());
  CHECK(bundle.rules.empty());
}

TEST_CASE("Rule bundle: what is none says why") {
  CHECK(FirstOf(ReadText("").findings).starts_with("bundle: error: the bundle has no name"));
  CHECK(FirstOf(ReadText("groups: []\n").findings).find("no name") != std::string::npos);
  CHECK(FirstOf(ReadText("bundle: a\n---\nrulez: []\n").findings)
            .starts_with("bundle:3:1: error: a document that is neither rules nor tests"));
  CHECK(FirstOf(ReadText("bundle: a\n---\n[\n").findings).find("not YAML") != std::string::npos);
  CHECK(FirstOf(ReadText("bundle: {a: b}\n").findings).find("no short text") != std::string::npos);
  const std::string over(kMaxBundleBytes + 1, '#');
  CHECK(FirstOf(ReadText(over).findings).find("1 MiB") != std::string::npos);
  CHECK(FirstOf(ReadText("bundle: \xFF\n").findings).find("no UTF-8") != std::string::npos);
  std::string many = "bundle: a\n";
  for (int i = 0; i < 100; ++i) many += "---\ngroups: []\n";
  CHECK(FirstOf(ReadText(many).findings).find("64 documents") != std::string::npos);
}

TEST_CASE("Bundle trial: a bundle whose tests pass is found well") {
  const BundleTrial trial = Try(kBundle);
  CHECK(FirstOf(trial.findings) == "");
  CHECK(trial.tests == 1);
}

TEST_CASE("Bundle trial: a test that fails is an error at its place") {
  const BundleTrial trial = Try(Replaced(kBundle, "100x10", "80x10"));
  CHECK(FirstOf(trial.findings)
            .starts_with("bundle:15:21: error: test 'unnamed#0' failed: alert Speeding at 5s: "
                         "expected "));
}

TEST_CASE("Bundle trial: rules with a mistake are an error at their line of the bundle") {
  const BundleTrial trial = Try(Replaced(kBundle, "vehicle_speed_kmh > 90", "nonsense(1)"));
  CHECK(FirstOf(trial.findings).starts_with("bundle:9:"));
  CHECK(trial.tests == 0);
}

TEST_CASE("Bundle trial: tests are bounded, have no recordings, and end with the agent") {
  CHECK(FirstOf(Try(Replaced(kBundle, "eval_time: 5s", "eval_time: 2d")).findings)
            .find("100000 instants") != std::string::npos);
  CHECK(
      FirstOf(Try(Replaced(kBundle, "  input_series: [{series: vehicle_speed_kmh, values: 100x10}]",
                           "  input_recordings: [drive.csv]"))
                  .findings)
          .find("a bundle has no recordings") != std::string::npos);
  std::stop_source stop;
  stop.request_stop();
  CHECK(FirstOf(Try(kBundle, stop.get_token()).findings).find("the agent stops") !=
        std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::agent
