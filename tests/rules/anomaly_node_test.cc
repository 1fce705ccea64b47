// anomaly_zscore as rules use it.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/series.h"
#include "rules/byte_stream.h"
#include "rules/engine.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/parser.h"
#include "rules/plan.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

std::string RuleOf(std::string_view expr) {
  return "groups: [{name: g, interval: 1s, lateness: 0s, rules: [{alert: Departs, expr: '" +
         std::string(expr) + "'}]}]";
}

/// Two zones at their own levels, a reading a second.
void Fill(RuleWorld& world, int from, int until, double offset_of_second = 0) {
  for (int second = from; second < until; ++second) {
    const double wiggle = second % 2 == 0 ? 0.25 : -0.25;
    world.Add(second, "cargo_celsius", 5 + wiggle, {{"zone", "1"}});
    world.Add(second, "cargo_celsius", -18 + wiggle + offset_of_second, {{"zone", "2"}});
    world.AdvanceTo(second);
  }
}

std::string FirstError(std::string_view expr) {
  SeriesRegistry registry;
  Engine engine(registry, {});
  const Diagnostics findings = engine.Load({{"rules.yaml", RuleOf(expr)}});
  return findings.empty() ? "" : ToString(findings.front());
}

}  // namespace

TEST_CASE("anomaly_zscore: each series is held against its own baseline") {
  RuleWorld world(RuleOf("abs(anomaly_zscore(cargo_celsius[10s], 1m, 0.5)) > 4"));
  Fill(world, 0, 200);
  CHECK(world.TakeEvents().empty());
  Fill(world, 200, 210, 5);
  CHECK(world.TakeEvents() == Texts{R"(204 Departs{zone="2"} firing)"});
  Fill(world, 210, 240);
  CHECK(world.TakeEvents() == Texts{R"(215 Departs{zone="2"} resolved)"});
}

TEST_CASE("anomaly_zscore: an alert over a change that stays ends when the change is the normal") {
  RuleWorld world(RuleOf("abs(anomaly_zscore(cargo_celsius[10s], 1m, 0.5)) > 4"));
  Fill(world, 0, 200);
  Fill(world, 200, 600, 20);
  const Texts events = world.TakeEvents();
  REQUIRE(events.size() == 2);
  CHECK(events.back() == R"(260 Departs{zone="2"} resolved)");
}

TEST_CASE("anomaly_zscore: a sensor that falls silent neither fires nor keeps its baseline") {
  RuleWorld world(RuleOf("abs(anomaly_zscore(cargo_celsius[10s], 1m, 0.5)) > 4"));
  Fill(world, 0, 200);
  Fill(world, 300, 500, 20);
  CHECK(world.TakeEvents().empty());
}

TEST_CASE("anomaly_zscore: baselines survive a restart") {
  const std::string rules = RuleOf("abs(anomaly_zscore(cargo_celsius[10s], 1m, 0.5)) > 4");
  RuleWorld before(rules);
  Fill(before, 0, 200);
  for (const Engine::Save what : {Engine::Save::kAlerts, Engine::Save::kWindows}) {
    RuleWorld after(rules);
    REQUIRE(after.engine().RestoreState(before.engine().SaveState(what)));
    Fill(after, 200, 210, 5);
    CHECK(after.TakeEvents().size() == 1);
  }
}

TEST_CASE("anomaly_zscore: baselines survive a reload that leaves the expression in its group") {
  const std::string rules = RuleOf("abs(anomaly_zscore(cargo_celsius[10s], 1m, 0.5)) > 4");
  RuleWorld world(rules);
  Fill(world, 0, 200);
  std::string changed = rules;
  changed.replace(changed.find("> 4"), 3, "> 5");
  world.Load("groups: [{name: first, rules: [{alert: A, expr: x > 1}]}, " +
             changed.substr(changed.find("{name: g")));
  Fill(world, 200, 210, 5);
  CHECK(world.TakeEvents().size() == 1);
}

TEST_CASE("anomaly_zscore: memories that can't be are refused") {
  LabelPool pool;
  const Geofences geofences;
  Plan plan(pool, geofences);
  const ExprPtr expr = ParseExpression("anomaly_zscore(x[10s], 1m, 0.5)");
  Node& node = plan.Add(*expr, 0, std::chrono::seconds{30});
  Writer cut;
  cut.Number(1);
  CHECK_FALSE(node.Recall(cut.Take(), pool));
  CHECK_FALSE(node.Recall("abc", pool));
  CHECK(node.Remember().empty());
}

TEST_CASE("anomaly_zscore: half-life and least sigma are literals that make sense") {
  CHECK(FirstError("anomaly_zscore(x[10s], 30m) > 4").empty());
  CHECK(FirstError("anomaly_zscore(x[10s], 1800, 0.5) > 4").empty());
  CHECK(FirstError("anomaly_zscore(x[10s], 0) > 4").find("half-life") != std::string::npos);
  CHECK(FirstError("anomaly_zscore(x[10s], 2y) > 4").find("half-life") != std::string::npos);
  CHECK(FirstError("anomaly_zscore(x[10s], time()) > 4").find("half-life") != std::string::npos);
  CHECK(FirstError("anomaly_zscore(x[10s], 30m, NaN) > 4").find("sigma") != std::string::npos);
  CHECK(FirstError("anomaly_zscore(x[10s], 30m, -1) > 4").find("sigma") != std::string::npos);
  CHECK(FirstError("anomaly_zscore(x, 30m) > 4").find("range") != std::string::npos);
}

}  // namespace fleet_edge::rules
