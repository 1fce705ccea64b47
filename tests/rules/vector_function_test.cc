// Functions of whole vectors, of scalars and of the instant. Values are Prometheus 3's.
#include <doctest/doctest.h>

#include "tests/rules/expression_world.h"
#include "tests/rules/rule_world.h"
#include "tests/rules/value_checks.h"

namespace fleet_edge::rules {
namespace {

/// Four series of different age, one of them NaN, and a single one.
void Fill(ExpressionWorld& world) {
  world.Sample("x", {{"z", "1"}}, 1, 3).Sample("x", {{"z", "2"}}, 2, 1);
  world.Sample("x", {{"z", "3"}}, 3, kNaN).Sample("x", {{"z", "4"}}, 4, 7);
  world.Sample("y", {}, 2, 4);
}

}  // namespace

TEST_CASE("scalar and vector: one element is a number, none or several are NaN") {
  ExpressionWorld world;
  Fill(world);
  CheckValues(world, 5,
              {{"scalar(y)", 4},
               {"scalar(x)", kNaN},
               {"scalar(nothing)", kNaN},
               {"vector(2)", 2},
               {"vector(scalar(y))", 4},
               {"scalar(x{z=\"2\"}) + scalar(y)", 5},
               {"vector(1) == 1", 1}});
}

TEST_CASE("Scalar arguments are expressions, evaluated at each instant") {
  ExpressionWorld world;
  Fill(world);
  CHECK(world.Evaluate("clamp(x, scalar(y) - 3, scalar(y))", 5) ==
        Texts{"{z=\"1\"} 3", "{z=\"2\"} 1", "{z=\"3\"} NaN", "{z=\"4\"} 4"});
  CHECK(world.Evaluate("clamp_min(y, time() - 1700000000)", 5) == Texts{" 5"});
  CHECK(world.Evaluate("clamp_min(y, time() - 1700000000)", 9) == Texts{" 9"});
}

TEST_CASE("timestamp: a selector's is its sample's, anything else's the instant") {
  ExpressionWorld world;
  Fill(world);
  CheckValues(world, 5.5,
              {{"timestamp(y)", 1700000002},
               {"timestamp((y))", 1700000002},
               {"timestamp(y offset 1s)", 1700000002},
               {"timestamp(-y)", 1700000005.5},
               {"timestamp(last_over_time(y[5s]))", 1700000005.5},
               {"timestamp(vector(1))", 1700000005.5},
               {"time() - timestamp(y)", 3.5}});
  CHECK(world.Evaluate("timestamp(y offset 4s)", 5).empty());
  CHECK(world.Evaluate("timestamp(x{z=\"1\"}) - 1700000000", 5) == Texts{"{z=\"1\"} 1"});
}

TEST_CASE("time: a rule on it needs no samples") {
  RuleWorld world(R"(groups:
  - name: g
    interval: 1s
    lateness: 0s
    rules:
      - alert: Late
        expr: vector(time()) >= 1700000010
      - alert: Minute
        expr: minute() == 14
)");
  for (const double second : {1, 5, 9, 12, 45, 100, 101}) world.AdvanceTo(second);
  CHECK(world.TakeEvents() == Texts{"10 Late firing", "40 Minute firing", "100 Minute resolved"});
}

TEST_CASE("sort: changes nothing but the order") {
  ExpressionWorld world;
  Fill(world);
  const Texts all{"x{z=\"1\"} 3", "x{z=\"2\"} 1", "x{z=\"3\"} NaN", "x{z=\"4\"} 7"};
  CHECK(world.Evaluate("sort(x)", 5) == all);
  CHECK(world.Evaluate("sort_desc(x)", 5) == all);
}

TEST_CASE("absent: one element where there is none, with what the selector's equalities say") {
  ExpressionWorld world;
  Fill(world);
  CHECK(world.Evaluate("absent(x)", 5).empty());
  CHECK(world.Evaluate("absent(x{z=\"1\"})", 31) == Texts{"{z=\"1\"} 1"});
  CHECK(world.Evaluate("absent(nothing{z=\"1\",q=\"2\",q=\"3\",r=~\"4\"})", 5) ==
        Texts{"{z=\"1\"} 1"});
  CHECK(world.Evaluate("absent((nothing{z=\"1\"} offset 5s))", 5) == Texts{"{z=\"1\"} 1"});
  CHECK(world.Evaluate("absent(-nothing{z=\"1\"})", 5) == Texts{" 1"});
  CHECK(world.Evaluate("absent(sum(nothing{z=\"1\"}))", 5) == Texts{" 1"});
}

TEST_CASE("absent: a stale marker makes a series absent") {
  ExpressionWorld world;
  Fill(world);
  world.Ends("y", {}, 4);
  CHECK(world.Evaluate("absent(y)", 3).empty());
  CHECK(world.Evaluate("absent(y)", 4) == Texts{" 1"});
  CHECK(world.Evaluate("absent_over_time(y[5s])", 4).empty());
}

TEST_CASE("Functions that drop the name fail where that makes two elements the same") {
  ExpressionWorld world;
  world.Sample("a", {}, 1, 1).Sample("b", {}, 1, 1);
  const Texts same{"failed: two elements of the result have the same labels"};
  CHECK(world.Evaluate("abs({__name__=~\"a|b\"})", 1) == same);
  CHECK(world.Evaluate("timestamp({__name__=~\"a|b\"})", 1) == same);
  CHECK(world.Evaluate("sort({__name__=~\"a|b\"})", 1) == Texts{"a 1", "b 1"});
  CHECK(world.Evaluate("first_over_time({__name__=~\"a|b\"}[5s])", 1) == Texts{"a 1", "b 1"});
}

}  // namespace fleet_edge::rules
