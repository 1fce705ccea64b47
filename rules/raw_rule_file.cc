#include "rules/raw_rule_file.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "core/nearest.h"
#include "core/section.h"
#include "core/signal.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge::rules {
namespace {

constexpr Duration kShortestInterval = std::chrono::milliseconds{10};
constexpr Duration kLongestInterval = std::chrono::hours{24 * 366};
constexpr std::array<std::string_view, 2> kReceivers{"driver", "fleet"};

void CheckNotify(Section& section, const RawRule& rule) {
  if (!rule.notify) return;
  for (const std::string& receiver : *rule.notify) {
    if (std::ranges::find(kReceivers, receiver) != kReceivers.end()) continue;
    const std::string_view near = Nearest(receiver, kReceivers);
    section.Fail(
        "notify", "nobody is called '" + receiver + "'",
        near.empty() ? "Known: driver, fleet" : "Did you mean '" + std::string(near) + "'?");
  }
}

void CheckRecord(Section& section, const RawRule& rule) {
  if (!IsSignalName(rule.record)) {
    section.Fail("record", "'" + rule.record + "' can't name a series",
                 "Use letters, digits, _ and :, like cargo:celsius:avg10s");
  }
  const auto refuse = [&](std::string_view key, bool given) {
    if (given)
      section.Fail(key, "'" + std::string(key) + "' belongs to alerts",
                   "Remove it from the recording rule");
  };
  using Kind = YamlNode::Kind;
  refuse("for", rule.hold.has_value());
  refuse("keep_firing_for", rule.keep_firing.has_value());
  refuse("cooldown", rule.cooldown.has_value());
  refuse("clear", rule.clear.kind != Kind::kNull);
  refuse("notify", rule.notify.has_value());
  refuse("annotations", rule.annotations.kind != Kind::kNull);
}

}  // namespace

void Describe(Section& section, RawRule& rule) {
  section.Key("alert", rule.alert,
              "Name of an alert: the rule fires while its expression yields elements.");
  section.Key("record", rule.record,
              "Name of a series: the rule records what its expression yields.");
  section.Require("expr", rule.expr, "PromQL, evaluated at each instant of the group.");
  section.Key("for", rule.hold, "The expression must hold this long before the alert fires.");
  section.Key("keep_firing_for", rule.keep_firing,
              "The alert fires on this long after the expression ceased to hold.");
  section.Key("clear", rule.clear,
              "PromQL: once firing, the alert stays until this holds for its labels.");
  section.Key("cooldown", rule.cooldown,
              "After a notification nobody is told of another firing for this long. State is "
              "recorded all the same.");
  section.Key("notify", rule.notify, "Who is told: driver, fleet. Default [fleet].");
  section.Key("labels", rule.labels, "Labels to add to the alert or series.");
  section.Key("annotations", rule.annotations, "Texts that go with the alert; templates.");
  if (!section.reading()) return;
  rule.position = section.PositionOf(rule.alert.empty() ? "record" : "alert");
  rule.hold_position = section.PositionOf("for");
  rule.keep_firing_position = section.PositionOf("keep_firing_for");
  rule.notify_position = section.PositionOf("notify");
  if (rule.alert.empty() == rule.record.empty()) {
    section.Fail(
        "",
        rule.alert.empty() ? "the rule has no name" : "the rule is an alert and a recording rule",
        "Write either `alert: NAME` or `record: NAME`");
  }
  if (!rule.record.empty()) CheckRecord(section, rule);
  CheckNotify(section, rule);
}

void Describe(Section& section, RawGroup& group) {
  section.Require("name", group.name, "Name of the group, once in its file.");
  section.Key("interval", group.interval, "Instants of evaluation: multiples of this since 1970.");
  section.Key(
      "lateness", group.lateness,
      "An instant is evaluated when the clock is this far beyond it; what arrives later is late.");
  section.Key(
      "lookback", group.lookback,
      "How old the newest sample may be for a selector without a range. Default: the file's.");
  section.Key("labels", group.labels, "Labels to add to all alerts and series of the group.");
  section.Key("rules", group.rules, "The rules, evaluated in this order.");
  if (!section.reading()) return;
  group.position = section.PositionOf("name");
  const bool named = section.PositionOf("name") != section.PositionOf("");
  if (named && group.name.empty()) section.Fail("name", "the group has no name", "Name it");
  if (group.interval < kShortestInterval) {
    section.Fail("interval", "the interval is too short", "At least 10ms");
  }
  if (group.interval > kLongestInterval) {
    section.Fail("interval", "the interval is too long", "At most 366d");
  }
  if (group.lookback && *group.lookback <= Duration{0}) {
    section.Fail("lookback", "the lookback is nothing", "Write a duration above 0, like 30s");
  }
}

void Describe(Section& section, RawRuleFile& file) {
  section.Key("lookback", file.lookback,
              "Of all groups that say nothing else. Default: the agent's, 30s.");
  section.Key("groups", file.groups, "Groups of rules, each with its own instants.");
  if (!section.reading()) return;
  if (file.lookback && *file.lookback <= Duration{0}) {
    section.Fail("lookback", "the lookback is nothing", "Write a duration above 0, like 30s");
  }
  std::set<std::string_view> names;
  for (const RawGroup& group : file.groups) {
    if (names.insert(group.name).second) continue;
    section.context().Fail(group.position, "group '" + group.name + "' stands twice in this file",
                           "Give it another name");
  }
}

}  // namespace fleet_edge::rules
