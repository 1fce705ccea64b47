#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/reading.h"
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

TEST_CASE("Restart: an active alert whose rule changed meanwhile ends") {
  RuleWorld before(kRules);
  LiveUntil(before, 7);
  std::string changed(kRules);
  changed.replace(changed.find("> 5"), 3, "> 6");
  RuleWorld after(changed);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState()));
  after.AdvanceTo(100);
  CHECK(after.TakeEvents() == Texts{"100 High{z=\"1\"} resolved"});
}

TEST_CASE("Restart: saved bytes come back as they were, and damaged ones change nothing") {
  RuleWorld before(kRules);
  LiveUntil(before, 7);
  const std::string saved = before.engine().SaveState();
  RuleWorld after(kRules);
  for (std::size_t size = 0; size < saved.size(); ++size) {
    CHECK_FALSE(after.engine().RestoreState(saved.substr(0, size)));
  }
  CHECK_FALSE(after.engine().RestoreState(saved + "x"));
  CHECK(after.engine().SaveState() == RuleWorld(kRules).engine().SaveState());
  REQUIRE(after.engine().RestoreState(saved));
  after.AdvanceTo(7);
  CHECK(after.TakeEvents().empty());
  CHECK(after.engine().Firing().size() == 1);
}

TEST_CASE(
    "Restart: with its windows an engine goes on as if nothing had been, within five seconds") {
  for (const int pause : {0, 3, 5, 6, 60}) {
    CAPTURE(pause);
    const auto live = [&](RuleWorld& world, int from, int until) {
      for (int t = from; t <= until; ++t) world.Add(t, "x", t < 8 ? 8 : 4, {{"z", "1"}});
    };
    RuleWorld whole(kRules);
    whole.AdvanceTo(0);
    live(whole, 1, 9);
    whole.AdvanceTo(9 + pause);
    Texts expected = whole.TakeEvents();

    RuleWorld before(kRules);
    before.AdvanceTo(0);
    live(before, 1, 9);
    before.AdvanceTo(9);
    Texts got = before.TakeEvents();
    RuleWorld after(kRules);
    REQUIRE(after.engine().RestoreState(before.engine().SaveState(Engine::Save::kWindows)));
    after.AdvanceTo(9 + pause);
    for (const std::string& text : after.TakeEvents()) got.push_back(text);
    CHECK((got == expected) == (pause <= 5));
  }
}

TEST_CASE("Restart: a single sample that comes before the first advance is judged") {
  constexpr std::string_view kOnce =
      "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{alert: Pressed, expr: "
      "'max_over_time(button[1s]) == 1'}]}]";
  RuleWorld before(kOnce);
  before.AdvanceTo(0);
  before.Add(1, "button", 0);
  before.AdvanceTo(100);
  RuleWorld after(kOnce);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState(Engine::Save::kWindows)));
  after.Add(100.5, "button", 1);
  after.AdvanceTo(101);
  after.Add(102.5, "button", 0);
  after.AdvanceTo(103);
  CHECK(after.TakeEvents() == Texts{"101 Pressed firing", "102 Pressed resolved"});
}

TEST_CASE("Restart: one that takes no time lets a pending alert fire when it would have") {
  constexpr std::string_view kSlow =
      "groups: [{name: g, interval: 5m, lateness: 0s, rules: [{alert: High, expr: "
      "'max_over_time(x[5m]) > 5', for: 1m}]}]";
  RuleWorld before(kSlow);
  before.AdvanceTo(0);
  before.Add(390, "x", 8);
  before.AdvanceTo(401);
  REQUIRE(before.TakeEvents() == Texts{"400 High pending"});
  RuleWorld after(kSlow);
  REQUIRE(after.engine().RestoreState(before.engine().SaveState(Engine::Save::kWindows)));
  after.AdvanceTo(402);
  after.Add(690, "x", 8);
  after.AdvanceTo(701);
  CHECK(after.TakeEvents() == Texts{"700 High firing"});
}

TEST_CASE("Restart: begun anew, windows hold nothing of what was, wherever their series lie") {
  constexpr std::string_view kMean =
      "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{record: m, expr: "
      "'avg_over_time(x[10m])'}]}]";
  RuleWorld world(kMean);
  world.AdvanceTo(0);
  for (int t = 1; t <= 300; ++t) {
    for (const char* const zone : {"1", "2", "3"}) world.Add(t, "x", 10, {{"z", zone}});
  }
  world.AdvanceTo(300);
  world.engine().StartAnew();
  world.AdvanceTo(329);
  world.Take();
  for (const char* const zone : {"1", "2", "3"}) world.Add(330, "x", 20, {{"z", zone}});
  world.AdvanceTo(330);
  const Changes changes = world.Take();
  REQUIRE(changes.recorded.size() == 3);
  for (const Reading& reading : changes.recorded) CHECK(reading.value == 20);
}

}  // namespace fleet_edge::rules
