#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/compiled_rules.h"
#include "rules/engine.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

std::string Rules(const std::string& limit, const std::string& more = "") {
  return R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: High, expr: 'avg_over_time(x[10s]) > 5', for: 3s}
      - {alert: Higher, expr: 'avg_over_time(x[10s]) > )" +
         limit + "'}\n" + more;
}

}  // namespace

TEST_CASE("Reload: with an error in any file the old rules go on") {
  RuleWorld world(Rules("7"));
  world.AdvanceTo(0);
  const Diagnostics findings =
      world.engine().Load({{"a.yaml", Rules("9")}, {"b.yaml", "groups: [{}]"}});
  REQUIRE(findings.size() == 1);
  CHECK(ToString(findings[0]) == "b.yaml:1:10: error: key 'name' is missing. Add `name: …`");
  world.Add(1, "x", 8);
  world.AdvanceTo(1);
  CHECK(world.TakeEvents() == Texts{"1 High pending", "1 Higher firing"});
  CHECK(world.engine().rule_count() == 2);
}

TEST_CASE(
    "Reload: a rule with the same text keeps its state and its windows, a changed one begins "
    "anew") {
  RuleWorld world(Rules("7"));
  world.AdvanceTo(0);
  world.Add(1, "x", 8);
  world.AdvanceTo(2);
  CHECK(world.TakeEvents() == Texts{"1 High pending", "1 Higher firing"});
  REQUIRE(world.Load(Rules("7.5", "      - {alert: Last, expr: 'last_over_time(x[10s]) > 5'}\n"))
              .empty());
  world.AdvanceTo(4);
  CHECK(world.TakeEvents() ==
        Texts{"2 Higher resolved", "3 Higher firing", "3 Last firing", "4 High firing"});
}

TEST_CASE("Reload: no instant is evaluated twice or left out") {
  RuleWorld world(
      "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{record: y, expr: "
      "'count_over_time(x[100s])'}]}]");
  world.AdvanceTo(0);
  world.Add(1, "x", 1);
  world.AdvanceTo(3);
  CHECK(world.Take().recorded.size() == 3);
  REQUIRE(world
              .Load("groups: [{name: g, interval: 1s, lateness: 0s, rules: [{record: y, expr: "
                    "'count_over_time(x[99s])'}]}]")
              .empty());
  world.AdvanceTo(3);
  CHECK(world.Take().recorded.empty());
  world.AdvanceTo(5);
  CHECK(world.Take().recorded.size() == 2);
}

TEST_CASE("Reload: active alerts of a rule that is gone or says something else end") {
  RuleWorld world(Rules("7"));
  world.AdvanceTo(0);
  world.Add(1, "x", 8);
  world.AdvanceTo(1);
  CHECK(world.TakeEvents() == Texts{"1 High pending", "1 Higher firing"});
  REQUIRE(world.Load(Rules("7.5")).empty());
  CHECK(world.engine().NextDue() == UtcTime{});
  world.AdvanceTo(2);
  CHECK(world.TakeEvents() == Texts{"1 Higher resolved", "2 Higher firing"});
  REQUIRE(world.Load("groups: []").empty());
  world.AdvanceTo(2.5);
  CHECK(world.TakeEvents() == Texts{"2 High inactive", "2 Higher resolved"});
  REQUIRE(world.Load(Rules("7")).empty());
  world.AdvanceTo(3);
  CHECK(world.TakeEvents().empty());
}

TEST_CASE("Reload: the end of an alert says what the alert said, and is told to the same") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - alert: High
        expr: x > 5
        notify: [driver]
        labels: {severity: critical}
        annotations: {summary: 'at {{ $value }}'}
)");
  world.AdvanceTo(0);
  world.Add(1, "x", 8);
  world.AdvanceTo(1);
  world.Take();
  REQUIRE(world.Load("groups: []").empty());
  world.AdvanceTo(4);
  const std::vector<AlertEvent> events = world.Take().alerts;
  REQUIRE(events.size() == 1);
  CHECK(RuleWorld::ToText(events[0]) == "1 High{severity=\"critical\"} resolved");
  CHECK(events[0].notify == std::vector<std::string>{"driver"});
  CHECK(events[0].annotations.Get("summary") == "at 8");
  CHECK(events[0].active_since == At(1));
}

TEST_CASE("Reload: rules compiled on another thread's time are adopted with all state") {
  RuleWorld world(Rules("7"));
  world.AdvanceTo(0);
  world.Add(1, "x", 8);
  world.AdvanceTo(2);
  world.Take();
  CompiledRules compiled({{"rules.yaml", Rules("7")}}, {}, world.engine().options());
  REQUIRE(compiled.findings().empty());
  world.engine().Adopt(std::move(compiled));
  world.AdvanceTo(4);
  CHECK(world.TakeEvents() == Texts{"4 High firing"});
}

TEST_CASE("Reload: what an alert rule wrote of its states ends with the states") {
  const std::string rules = R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - {alert: High, expr: x > 5}
      - {alert: Seen, expr: 'ALERTS{alertname="High"}'}
)";
  RuleWorld world(rules);
  world.AdvanceTo(0);
  world.Add(1, "x", 8);
  world.AdvanceTo(1);
  world.Take();
  REQUIRE(world.Load(rules).empty());
  world.Add(2, "x", 0);
  world.AdvanceTo(2);
  Texts states;
  for (const AlertEvent& event : world.Take().alerts)
    states.push_back(event.alert + " " + std::string(ToString(event.state)));
  CHECK(states == Texts{"High resolved", "Seen resolved"});
}

}  // namespace fleet_edge::rules
