#include "rules/engine.h"

#include <doctest/doctest.h>

#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {

TEST_CASE(
    "Engine: an alert fires at the first instant at which its expression holds, and resolves when "
    "it ceases") {
  RuleWorld world(R"(
groups:
  - name: g
    interval: 10s
    lateness: 0s
    rules:
      - alert: Hot
        expr: avg_over_time(coolant[10s]) > 100
)");
  world.AdvanceTo(0);
  for (int t = 1; t <= 10; ++t) world.Add(t, "coolant", 101);
  for (int t = 11; t <= 20; ++t) world.Add(t, "coolant", 99);
  world.AdvanceTo(9.999);
  CHECK(world.TakeEvents().empty());
  world.AdvanceTo(10);
  CHECK(world.TakeEvents() == Texts{"10 Hot firing"});
  world.AdvanceTo(40);
  CHECK(world.TakeEvents() == Texts{"20 Hot resolved"});
}

}  // namespace fleet_edge::rules
