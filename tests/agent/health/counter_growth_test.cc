#include "agent/health/counter_growth.h"

#include <doctest/doctest.h>

#include "core/counters.h"

namespace fleet_edge::agent {

TEST_CASE("CounterGrowth: what grew, by how much; at first all that is not 0") {
  Counters counters;
  CounterGrowth growth;
  counters.Get("b").Add(5);
  counters.Get("c");
  const auto first = growth.Since(counters.Snapshot());
  REQUIRE(first.size() == 1);
  CHECK(first[0].name == "b");
  CHECK(first[0].value == 5);
  CHECK(growth.Since(counters.Snapshot()).empty());
}

TEST_CASE("CounterGrowth: counters that appear in between do not disturb the others") {
  Counters counters;
  CounterGrowth growth;
  counters.Get("m", {{"driver", "b"}}).Add(5);
  growth.Since(counters.Snapshot());
  counters.Get("a").Add(1);
  counters.Get("m", {{"driver", "a"}}).Add(2);
  counters.Get("m", {{"driver", "b"}}).Add(3);
  counters.Get("z").Add(4);
  const auto grown = growth.Since(counters.Snapshot());
  REQUIRE(grown.size() == 4);
  CHECK(grown[1].value == 2);
  CHECK(grown[2].value == 3);
  CHECK(grown[3].name == "z");
}

}  // namespace fleet_edge::agent
