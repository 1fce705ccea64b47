// Functions of how a value steps from sample to sample. Values are Prometheus 3's.
#include <doctest/doctest.h>

#include <string>

#include "tests/rules/expression_world.h"
#include "tests/rules/value_checks.h"

namespace fleet_edge::rules {

TEST_CASE("Counters: falls are resets, growth is extrapolated to bounds that are near") {
  ExpressionWorld world;
  world.Sample("x", {}, 1, 10).Sample("x", {}, 2, 20).Sample("x", {}, 3.5, 5);
  world.Sample("x", {}, 4, 15).Sample("x", {}, 6, 15);
  CheckValues(world, 6,
              {{"delta(x[6s])", 6},
               {"rate(x[6s])", 5},
               {"increase(x[6s])", 30},
               {"delta(x[5500ms])", 5.5},
               {"rate(x[5500ms])", 5},
               {"increase(x[5500ms])", 27.500000000000004},
               {"delta(x[10s])", 5.625},
               {"rate(x[10s])", 2.8125},
               {"increase(x[10s])", 28.125},
               {"idelta(x[10s])", 0},
               {"irate(x[10s])", 0},
               {"resets(x[10s])", 1},
               {"changes(x[10s])", 3},
               {"increase(x[6s] offset 1s)", 37.5},
               {"rate(x[7s])", 4.017857142857143},
               {"rate(x[1m])", 0.46875}});
}

TEST_CASE("Counters: a single sample has neither growth nor steps") {
  ExpressionWorld world;
  world.Series("x", {}, {10, 20});
  for (const char* const function : {"delta", "idelta", "rate", "irate", "increase"}) {
    CHECK(world.Evaluate(std::string(function) + "(x[1s])", 2).empty());
  }
  CheckValues(world, 2, {{"resets(x[1s])", 0}, {"changes(x[1s])", 0}});
}

TEST_CASE("Counters: negative values and NaN go through as in PromQL") {
  ExpressionWorld world;
  world.Series("x", {}, {-10, -20, -20}).Series("x", {}, {3, 2}, 6);
  world.Sample("x", {}, 4, kNaN).Sample("x", {}, 5, kNaN);
  CheckValues(world, 7,
              {{"delta(x[10s])", 13},
               {"idelta(x[10s])", -1},
               {"irate(x[10s])", 2},
               {"changes(x[10s])", 4},
               {"resets(x[10s])", 2},
               {"changes(x[5s])", 3},
               {"rate(x[3s])", kNaN},
               {"rate(x[10s])", 0.5416666666666666},
               {"increase(x[2s])", 4}});
}

}  // namespace fleet_edge::rules
