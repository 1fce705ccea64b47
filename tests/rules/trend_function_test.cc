// Functions of where a value is heading. Values are Prometheus 3's.
#include <doctest/doctest.h>

#include "tests/rules/expression_world.h"
#include "tests/rules/value_checks.h"

namespace fleet_edge::rules {

TEST_CASE("Trends: the line of least squares, seen from the instant") {
  ExpressionWorld world;
  world.Sample("x", {}, 1, 10.5).Sample("x", {}, 2, 9).Sample("x", {}, 4, 11.25);
  world.Sample("x", {}, 5, 14).Sample("x", {}, 7, 13.5);
  CheckValues(world, 8,
              {{"deriv(x[10s])", 0.7302631578947372},
               {"predict_linear(x[10s], 60)", 58.53289473684213},
               {"predict_linear(x[10s], -5)", 11.065789473684212},
               {"predict_linear(x[10s] offset 2s, 60)", 71.3125},
               {"predict_linear(x[10s], 1m)", 58.53289473684213},
               {"predict_linear(x[10s], time() - time() + 60)", 58.53289473684213}});
  CHECK(world.Evaluate("predict_linear(x[2s], 1)", 8).empty());
}

TEST_CASE("Trends: a value that stays has no slope, an infinite one none that is known") {
  ExpressionWorld flat;
  flat.Series("x", {}, {7, 7, 7});
  CheckValues(flat, 3, {{"deriv(x[10s])", 0}, {"predict_linear(x[10s], 60)", 7}});
  ExpressionWorld infinite;
  infinite.Series("x", {}, {kInf, kInf});
  CheckValues(infinite, 2, {{"deriv(x[10s])", kNaN}, {"predict_linear(x[10s], 60)", kNaN}});
}

TEST_CASE("double_exponential_smoothing: level and trend, and factors that fail") {
  ExpressionWorld world;
  world.Sample("x", {}, 1, 10.5).Sample("x", {}, 2, 9).Sample("x", {}, 4, 11.25);
  world.Sample("x", {}, 5, 14).Sample("x", {}, 7, 13.5);
  CheckValues(world, 8,
              {{"double_exponential_smoothing(x[10s], 0.3, 0.7)", 11.263237499999999},
               {"double_exponential_smoothing(x[10s], 0.5, 0.1)", 11.7578125},
               {"double_exponential_smoothing(x[4s], 0.5, 0.1)", 13.5},
               {"double_exponential_smoothing(x[10s], NaN, 0.1)", kNaN}});
  CHECK(world.Evaluate("double_exponential_smoothing(x[1s], 0.5, 0.1)", 8).empty());
  CHECK(world.Evaluate("double_exponential_smoothing(x[2s], 0.5, 0.1)", 8).empty());
  CHECK(world.Evaluate("double_exponential_smoothing(x[10s], scalar(x), 0.1)", 8) ==
        Texts{"failed: the smoothing factor lies between 0 and 1, got 13.5"});
  CHECK(world.Evaluate("double_exponential_smoothing(x[10s], 0.1, -scalar(x))", 8) ==
        Texts{"failed: the trend factor lies between 0 and 1, got -13.5"});
  // Without a sample nobody asks for the factors.
  CHECK(world.Evaluate("double_exponential_smoothing(y[10s], scalar(x), 0.1)", 8).empty());
}

}  // namespace fleet_edge::rules
