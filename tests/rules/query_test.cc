#include "rules/query.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"
#include "rules/function.h"
#include "rules/rule_text.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

Reading Good(const Series* series, double seconds, double value) {
  return {series, At(seconds), value, Quality::kGood};
}

constexpr const char* kTwoGroups = R"(
groups:
  - name: second
    rules: [{record: b, expr: a + 1}]
  - name: first
    rules: [{record: a, expr: x * 2}]
)";

}  // namespace

TEST_CASE("Query: sees samples and recorded series at the instant asked for") {
  SeriesRegistry registry;
  Engine engine(registry, {.interval = std::chrono::seconds{5},
                           .lateness = Duration{0},
                           .origin = At(2),
                           .group_order = {"first", "second"}});
  REQUIRE(
      engine.Load({{"r.yaml", kTwoGroups}}, {{"q0", "b"}, {"q1", "1 + 2"}, {"q2", "x"}}).empty());
  const Series* const x = registry.Find("x", {});
  CHECK(engine.Add(Good(x, 2, 7)));
  Changes changes;
  engine.AdvanceTo(At(2), changes);
  REQUIRE(changes.recorded.size() == 2);
  CHECK(changes.recorded[0].series->name == "a");
  const QueryResult recorded = engine.Ask(0, At(3));
  REQUIRE(recorded.elements.size() == 1);
  CHECK(recorded.elements[0].first.Get("__name__") == "b");
  CHECK(recorded.elements[0].second == 15);
  CHECK(engine.Ask(1, At(3)).type == ValueType::kScalar);
  CHECK(engine.Ask(2, At(31)).elements.size() == 1);
  CHECK(engine.Ask(2, At(32)).elements.empty());
}

TEST_CASE("Query: instants stand at the origin plus multiples of the interval") {
  SeriesRegistry registry;
  Engine engine(registry,
                {.interval = std::chrono::seconds{5}, .lateness = Duration{0}, .origin = At(2)});
  REQUIRE(engine.Load({{"r.yaml", kTwoGroups}}).empty());
  Changes changes;
  engine.AdvanceTo(At(2), changes);
  engine.Add(Good(registry.Find("x", {}), 3, 7));
  engine.AdvanceTo(At(13), changes);
  REQUIRE(changes.recorded.size() >= 2);
  CHECK(changes.recorded.front().time == At(7));
  CHECK(changes.recorded.back().time == At(12));
}

TEST_CASE("Recording rule: a label without text takes the element's away") {
  SeriesRegistry registry;
  Engine engine(registry, {});
  const RuleText file{"r.yaml", R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    labels: {x: "group's", own: "v"}
    rules:
      - {record: 'r', expr: 'b', labels: {x: ""}}
)"};
  REQUIRE(engine.Load({file}, {{"--series", "r"}}).empty());
  Changes changes;
  engine.Add(Good(registry.Find("b", {{"x", "1"}, {"y", "2"}}), 1, 7));
  engine.AdvanceTo(At(1), changes);
  const QueryResult result = engine.Ask(0, At(1));
  REQUIRE(result.elements.size() == 1);
  CHECK(result.elements[0].first == Labels{{"__name__", "r"}, {"own", "v"}, {"y", "2"}});
}

TEST_CASE("Query: a refused expression says where, and nothing is loaded") {
  SeriesRegistry registry;
  Engine engine(registry, {});
  const Diagnostics findings = engine.Load({}, {{"--series", "x +\n y["}});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].file == "--series");
  CHECK(findings[0].position == Position{2, 4});
}

TEST_CASE("Engine: a series that ended is not selected, and a late end changes nothing") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules: [{alert: Seen, expr: x}]
)");
  world.AdvanceTo(0);
  world.Add(1, "x", 1);
  CHECK(world.engine().End(*world.SeriesOf("x"), At(3)));
  world.AdvanceTo(5);
  CHECK_FALSE(world.engine().End(*world.SeriesOf("x"), At(4)));
  CHECK(world.TakeEvents() == Texts{"1 Seen firing", "3 Seen resolved"});
}

}  // namespace fleet_edge::rules
