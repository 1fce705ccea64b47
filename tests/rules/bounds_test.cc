#include <doctest/doctest.h>

#include <string>

#include "core/quality.h"
#include "core/series.h"
#include "rules/engine.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {

TEST_CASE(
    "Engine: a rule that records for ever skips a leap of the clock, and counts what it skips") {
  RuleWorld world(R"(
groups:
  - {name: g, interval: 1s, lateness: 0s, lookback: 1s, rules: [{record: limit, expr: '90'}]}
)");
  world.AdvanceTo(0);
  world.AdvanceTo(1'000'000);
  const Changes changes = world.Take();
  CHECK(changes.recorded.size() == 100'002);
  CHECK(changes.recorded.back().time == At(1'000'000));
  CHECK(world.engine().counts().instants_skipped == 1'000'001 - 100'002);
}

TEST_CASE("Engine: at the bound of samples a series keeps its newest, and what goes is counted") {
  RuleWorld world(R"(
groups:
  - {name: g, interval: 1h, lateness: 0s, rules: [{record: n, expr: 'count_over_time(x[1h])'}]}
)",
                  {.max_samples = 64});
  world.AdvanceTo(1);
  for (int t = 1; t <= 100; ++t) CHECK(world.Add(t, "x", t));
  CHECK(world.engine().counts().samples_dropped == 36);
}

TEST_CASE("Engine: at the bound of samples a second one of the same time costs nothing") {
  RuleWorld world(
      "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{record: n, expr: "
      "'count_over_time(x[100s])'}]}]",
      {.max_samples = 8});
  world.AdvanceTo(0);
  for (int t = 1; t <= 8; ++t) world.Add(t, "x", t);
  for (int i = 0; i < 5; ++i) world.Add(8, "x", 9);
  world.AdvanceTo(8);
  CHECK(world.Take().recorded.back().value == 8);
  CHECK(world.engine().counts().samples_dropped == 0);
}

TEST_CASE("Engine: more elements than a rule may have alerts are counted") {
  SeriesRegistry registry(20'000);
  Engine engine(registry, {});
  REQUIRE(
      engine
          .Load({{"r.yaml",
                  "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{alert: A, expr: x}]}]"}})
          .empty());
  Changes changes;
  engine.AdvanceTo(At(0), changes);
  for (int i = 0; i < 10'010; ++i) {
    engine.Add({registry.Find("x", {{"i", std::to_string(i)}}), At(1), 1, Quality::kGood});
  }
  engine.AdvanceTo(At(1), changes);
  CHECK(changes.alerts.size() == 10'000);
  CHECK(engine.counts().alerts_over_limit == 10);
}

TEST_CASE("Engine: a result that the registry has no room for is counted") {
  SeriesRegistry registry(1);
  Engine engine(registry, {});
  REQUIRE(
      engine
          .Load(
              {{"r.yaml",
                "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{record: y, expr: x}]}]"}})
          .empty());
  Changes changes;
  engine.AdvanceTo(At(0), changes);
  engine.Add({registry.Find("x", {}), At(1), 1, Quality::kGood});
  engine.AdvanceTo(At(1), changes);
  CHECK(changes.recorded.empty());
  CHECK(engine.counts().series_over_limit == 1);
}

TEST_CASE("Engine: count_values takes no value beyond its bound, and goes on with those it knows") {
  RuleWorld world(
      "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{record: n, expr: "
      "'count_values(\"v\", x)'}]}]");
  world.AdvanceTo(0);
  for (int t = 1; t <= 10'001; ++t) world.Add(t, "x", t);
  world.AdvanceTo(10'001);
  CHECK(world.engine().counts().evaluations_failed == 1);
  world.Take();
  world.Add(10'002, "x", 7);
  world.AdvanceTo(10'002);
  CHECK(world.Take().recorded.size() == 1);
  CHECK(world.engine().counts().evaluations_failed == 1);
}

}  // namespace fleet_edge::rules
