// Functions over time, against values by hand and by Prometheus 3.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/rules/expression_world.h"
#include "tests/rules/value_checks.h"

namespace fleet_edge::rules {

TEST_CASE("Functions over time: of four values in the window") {
  ExpressionWorld world;
  world.Series("x", {}, {9, 1, 2, 3, 6}, 0);  // that of second 0 lies outside (0, 4]
  CHECK(world.Value("avg_over_time(x[4s])", 4) == 3);
  CHECK(world.Value("sum_over_time(x[4s])", 4) == 12);
  CHECK(world.Value("min_over_time(x[4s])", 4) == 1);
  CHECK(world.Value("max_over_time(x[4s])", 4) == 6);
  CHECK(world.Value("count_over_time(x[4s])", 4) == 4);
  CHECK(world.Value("last_over_time(x[4s])", 4) == 6);
  CHECK(world.Value("stddev_over_time(x[4s])", 4) == doctest::Approx(std::sqrt(3.5)));
}

TEST_CASE("Functions over time: negative values have their own greatest") {
  ExpressionWorld world;
  world.Series("x", {}, {-18.4, -19.0, -18.1, -18.9});
  CHECK(world.Value("max_over_time(x[10s])", 4) == -18.1);
  CHECK(world.Value("min_over_time(x[10s])", 4) == -19.0);
  CHECK(world.Value("avg_over_time(x[10s])", 4) == doctest::Approx(-18.6));
  CHECK(world.Value("max(x)", 4) == -18.9);
  CHECK(world.Value("abs(x)", 4) == 18.9);
}

TEST_CASE("Functions over time: no sample in the range gives no element") {
  ExpressionWorld world;
  world.Series("x", {}, {1, 2});
  for (const char* const function : {"avg", "sum", "min", "max", "count", "stddev", "last"}) {
    CHECK(world.Evaluate(std::string(function) + "_over_time(x[5s])", 7).empty());
  }
  CHECK(world.Evaluate("avg_over_time(y[5s])", 2).empty());
}

TEST_CASE("absent_over_time: speaks up when all are silent, with the labels that equalities tell") {
  ExpressionWorld world;
  world.Series("x", {{"zone", "1"}}, {1, 2});
  CHECK(world.Evaluate("absent_over_time(x[5s])", 6).empty());
  CHECK(world.Evaluate("absent_over_time(x[5s])", 7) == Texts{" 1"});
  CHECK(world.Evaluate("absent_over_time(x{zone=\"2\",y=~\"a\"}[5s])", 1) ==
        Texts{"{zone=\"2\"} 1"});
  CHECK(world.Evaluate("absent_over_time(x{zone=\"2\",zone=\"3\",y=\"a\"}[5s])", 1) ==
        Texts{"{y=\"a\"} 1"});
}

TEST_CASE("Sums and means are compensated") {
  ExpressionWorld world;
  world.Series("x", {}, {1, 1e100, 1, -1e100});
  CHECK(world.Value("sum_over_time(x[10s])", 4) == 2);
  CHECK(world.Value("avg_over_time(x[10s])", 4) == 0.5);
  ExpressionWorld large;
  large.Series("x", {}, {1.7e308, 1.7e308, 1.7e308});
  CHECK(large.Value("sum_over_time(x[10s])", 3) == kInf);
  CHECK(large.Value("avg_over_time(x[10s])", 3) == doctest::Approx(1.7e308));
}

TEST_CASE("delta: extrapolates to a bound that is near, else by half a distance") {
  ExpressionWorld world;
  // Two samples a second apart, the first a second after the range begins: the range holds twice
  // the step.
  world.Series("x", {}, {10, 13});
  CHECK(world.Value("delta(x[2s])", 2) == 6);
  CHECK(world.Value("delta(x[10s])", 2) == 4.5);     // half a distance to the left
  CHECK(world.Value("delta(x[10s])", 10.5) == 6);    // half a distance on each side
  CHECK(world.Evaluate("delta(x[1s])", 2).empty());  // one sample
}

TEST_CASE("rate: counts on through resets and never reaches back beyond zero") {
  ExpressionWorld world;
  world.Series("x", {}, {10, 20, 5, 15}, 1);
  // 10 + 5 + 10 grown in 3 s; the range begins a second before the first sample.
  CHECK(world.Value("rate(x[4s])", 4) == doctest::Approx(25.0 * 4 / 3 / 4));
  ExpressionWorld young;
  young.Series("x", {}, {1, 11, 21}, 1);
  // 10/s would have been 0 a tenth of a second before the first sample.
  CHECK(young.Value("rate(x[3s])", 3) == doctest::Approx(20.0 * 2.1 / 2 / 3));
}

TEST_CASE("deriv: the slope of a straight line, exactly, and none of a single point") {
  ExpressionWorld world;
  world.Series("x", {}, {10, 8, 6, 4});
  CHECK(world.Value("deriv(x[10s])", 4) == -2);
  CHECK(world.Value("deriv(x[2s])", 4) == -2);
  CHECK(world.Evaluate("deriv(x[1s])", 4).empty());
  ExpressionWorld flat;
  flat.Series("x", {}, {7, 7, 7});
  CHECK(flat.Value("deriv(x[10s])", 3) == 0);
}

TEST_CASE("NaN and infinities go through as in PromQL") {
  ExpressionWorld world;
  const double nan = std::nan("");
  world.Sample("x", {}, 1, nan).Sample("x", {}, 2, 5).Sample("x", {}, 3, kInf);
  CHECK(world.Value("max_over_time(x[2s])", 2) == 5);
  CHECK(world.Value("min_over_time(x[10s])", 3) == 5);
  CHECK(world.Value("max_over_time(x[10s])", 3) == kInf);
  CHECK(std::isnan(world.Value("sum_over_time(x[10s])", 3)));
  CHECK(world.Value("sum_over_time(x[2s])", 3) == kInf);
  CHECK(world.Value("count_over_time(x[10s])", 3) == 3);
  CHECK(std::isnan(world.Value("stddev_over_time(x[2s])", 3)));
}

TEST_CASE("Functions drop the metric's name, last_over_time keeps it") {
  ExpressionWorld world;
  world.Series("x", {{"z", "1"}}, {1, 2});
  CHECK(world.Evaluate("avg_over_time(x[10s])", 2) == Texts{"{z=\"1\"} 1.5"});
  CHECK(world.Evaluate("last_over_time(x[10s])", 2) == Texts{"x{z=\"1\"} 2"});
  CHECK(world.Evaluate("abs(x)", 2) == Texts{"{z=\"1\"} 2"});
}

TEST_CASE("Functions over time: all of them, values and quantiles by Prometheus 3") {
  ExpressionWorld world;
  world.Series("x", {}, {3.5, -2, 8, 8, 1.25, -7});
  CheckValues(world, 6,
              {{"avg_over_time(x[10s])", 1.9583333333333333},
               {"sum_over_time(x[10s])", 11.75},
               {"min_over_time(x[10s])", -7},
               {"max_over_time(x[10s])", 8},
               {"count_over_time(x[10s])", 6},
               {"stddev_over_time(x[10s])", 5.351044809712918},
               {"stdvar_over_time(x[10s])", 28.633680555555557},
               {"first_over_time(x[10s])", 3.5},
               {"last_over_time(x[10s])", -7},
               {"present_over_time(x[10s])", 1},
               {"mad_over_time(x[10s])", 5},
               {"quantile_over_time(0, x[10s])", -7},
               {"quantile_over_time(0.25, x[10s])", -1.1875},
               {"quantile_over_time(0.5, x[10s])", 2.375},
               {"quantile_over_time(0.9, x[10s])", 8},
               {"quantile_over_time(1, x[10s])", 8},
               {"quantile_over_time(-0.1, x[10s])", -kInf},
               {"quantile_over_time(1.1, x[10s])", kInf},
               {"quantile_over_time(NaN, x[10s])", kNaN},
               {"quantile_over_time(scalar(y), x[10s])", kNaN},
               {"quantile_over_time(0.5, x[1s])", -7},
               {"mad_over_time(x[2s])", 4.125},
               {"quantile_over_time(0.3, x[4s] offset 1s)", 0.9249999999999998}});
}

TEST_CASE("Functions over time: NaN sorts before all, and a deviation from it is NaN") {
  ExpressionWorld world;
  world.Sample("x", {}, 1, kNaN).Series("x", {}, {5, kInf, 2, -kInf}, 2);
  CheckValues(world, 5,
              {{"avg_over_time(x[10s])", kNaN},
               {"sum_over_time(x[10s])", kNaN},
               {"min_over_time(x[10s])", -kInf},
               {"max_over_time(x[10s])", kInf},
               {"count_over_time(x[10s])", 5},
               {"stddev_over_time(x[10s])", kNaN},
               {"stdvar_over_time(x[10s])", kNaN},
               {"first_over_time(x[10s])", kNaN},
               {"last_over_time(x[10s])", -kInf},
               {"present_over_time(x[10s])", 1},
               {"mad_over_time(x[10s])", kNaN},
               {"quantile_over_time(0, x[10s])", kNaN},
               {"quantile_over_time(0.2, x[10s])", kNaN},
               {"quantile_over_time(0.5, x[10s])", 2},
               {"quantile_over_time(1, x[10s])", kNaN},
               {"mad_over_time(x[4s])", kInf},
               {"quantile_over_time(0.5, x[4s])", 3.5},
               {"quantile_over_time(0.5, x[1s])", kNaN}});
}

}  // namespace fleet_edge::rules
