#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/engine.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kRules = R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - alert: High
        expr: avg_over_time(x[5s]) > 5 and count_over_time(x[5s]) >= 4
        for: 2s
)";

/// A world whose alert is pending since 4 and fires at 6, when it has come that far.
void LiveUntil(RuleWorld& world, int until) {
  world.AdvanceTo(0);
  for (int t = 1; t <= until; ++t) {
    world.Add(t, "x", 8, {{"z", "1"}});
    world.AdvanceTo(t);
  }
}

}  // namespace

TEST_CASE("Restart: a firing alert is told once, also while the windows fill again") {
  RuleWorld before(kRules);
  LiveUntil(before, 7);
  CHECK(before.TakeEvents() == Texts{"4 High{z=\"1\"} pending", "6 High{z=\"1\"} firing"});

  RuleWorld after(kRules);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState()));
  after.AdvanceTo(10);
  for (int t = 11; t <= 30; ++t) {
    after.Add(t, "x", t < 20 ? 8 : 0, {{"z", "1"}});
    after.AdvanceTo(t);
  }
  CHECK(after.TakeEvents() == Texts{"21 High{z=\"1\"} resolved"});
}

TEST_CASE(
    "Restart: a firing alert whose condition ended meanwhile resolves once the windows are full") {
  RuleWorld before(kRules);
  LiveUntil(before, 7);
  RuleWorld after(kRules);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState()));
  after.AdvanceTo(10);
  for (int t = 11; t <= 30; ++t) {
    after.Add(t, "x", 1, {{"z", "1"}});
    after.AdvanceTo(t);
  }
  CHECK(after.TakeEvents() == Texts{"15 High{z=\"1\"} resolved"});
}

TEST_CASE("Restart: a pending alert keeps the time from which it counts") {
  RuleWorld before(kRules);
  LiveUntil(before, 5);
  RuleWorld after(kRules);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState()));
  after.AdvanceTo(5);
  for (int t = 6; t <= 10; ++t) {
    after.Add(t, "x", 8, {{"z", "1"}});
    after.AdvanceTo(t);
  }
  const auto alerts = after.Take().alerts;
  REQUIRE(alerts.size() == 1);
  CHECK(RuleWorld::ToText(alerts[0]) == "9 High{z=\"1\"} firing");
  CHECK(alerts[0].active_since == At(4));
}

TEST_CASE("Restart: the state of a rule that changed is forgotten") {
  RuleWorld before(kRules);
  LiveUntil(before, 7);
  std::string changed(kRules);
  changed.replace(changed.find("> 5"), 3, "> 6");
  RuleWorld after(changed);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState()));
  CHECK(after.engine().SaveState() == RuleWorld(changed).engine().SaveState());
}

TEST_CASE("Restart: saved bytes come back as they were, and damaged ones change nothing") {
  RuleWorld before(kRules);
  LiveUntil(before, 7);
  const std::string saved = before.engine().SaveState();
  RuleWorld after(kRules);
  for (std::size_t size = 0; size < saved.size(); ++size) {
    const bool whole = after.engine().RestoreState(saved.substr(0, size));
    // Cut right behind the version it holds no alerts, which is as good as any state.
    CHECK(whole == (saved.substr(0, size) == RuleWorld(kRules).engine().SaveState()));
  }
  CHECK_FALSE(after.engine().RestoreState(saved + "x"));
  CHECK(after.engine().SaveState() == RuleWorld(kRules).engine().SaveState());
  REQUIRE(after.engine().RestoreState(saved));
  CHECK(after.engine().SaveState() == saved);
}

}  // namespace fleet_edge::rules
