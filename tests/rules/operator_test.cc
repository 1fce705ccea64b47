#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/rules/expression_world.h"

namespace fleet_edge::rules {
namespace {

/// Two zones of `a`, one of `b`, at second 1.
class ZonesWorld : public ExpressionWorld {
 public:
  ZonesWorld() {
    Sample("a", {{"z", "1"}}, 1, 10);
    Sample("a", {{"z", "2"}}, 1, 20);
    Sample("b", {{"z", "1"}}, 1, 4);
  }
};

}  // namespace

TEST_CASE("Selector: the newest sample within the lookback, which is left-open") {
  ExpressionWorld world;
  world.Series("x", {}, {1, 2});
  CHECK(world.Evaluate("x", 0.999).empty());
  CHECK(world.Evaluate("x", 1.5) == Texts{"x 1"});
  CHECK(world.Evaluate("x", 31.999999) == Texts{"x 2"});
  CHECK(world.Evaluate("x", 32).empty());
}

TEST_CASE("Selector: a series that ended is hidden until its next sample, and stays in ranges") {
  ExpressionWorld world;
  world.Series("x", {}, {1, 2}).Ends("x", {}, 3).Sample("x", {}, 5, 5);
  CHECK(world.Evaluate("x", 2.5) == Texts{"x 2"});
  CHECK(world.Evaluate("x", 4).empty());
  CHECK(world.Evaluate("x", 5) == Texts{"x 5"});
  CHECK(world.Value("count_over_time(x[10s])", 4) == 2);
}

TEST_CASE("Selector: an offset moves the instant back, for the lookback and for ranges") {
  ExpressionWorld world;
  world.Series("x", {}, {1, 2, 4, 8});
  CHECK(world.Evaluate("x offset 2", 4) == Texts{"x 2"});
  CHECK(world.Evaluate("x offset 1m", 64) == Texts{"x 8"});
  CHECK(world.Evaluate("x offset 1m", 94).empty());
  CHECK(world.Evaluate("x - x offset 1s", 4) == Texts{" 4"});
  CHECK(world.Evaluate("sum_over_time(x[2s] offset 1s)", 4) == Texts{" 6"});
  CHECK(world.Evaluate("sum_over_time(x[2s]) - sum_over_time(x[2s] offset 1s)", 4) == Texts{" 6"});
  CHECK(world.Evaluate("absent_over_time(x[2s] offset 3s)", 4) == Texts{});
  CHECK(world.Evaluate("absent_over_time(x[2s] offset 3s)", 3) == Texts{" 1"});
}

TEST_CASE("Selector: matchers are anchored and take a missing label for an empty one") {
  ExpressionWorld world;
  world.Sample("a", {{"z", "12"}}, 1, 1).Sample("a", {{"y", "p"}}, 1, 2);
  CHECK(world.Evaluate("a{z=~\"1\"}", 1).empty());
  CHECK(world.Evaluate("a{z=~\"1.\"}", 1) == Texts{"a{z=\"12\"} 1"});
  CHECK(world.Evaluate("a{z=\"\"}", 1) == Texts{"a{y=\"p\"} 2"});
  CHECK(world.Evaluate("a{z!~\"1\\\\d\"}", 1) == Texts{"a{y=\"p\"} 2"});
  CHECK(world.Evaluate("{__name__=~\"a|b\",z!=\"\"}", 1) == Texts{"a{z=\"12\"} 1"});
}

TEST_CASE("Scalars: arithmetic") {
  ExpressionWorld world;
  CHECK(world.Value("2 + 3 * 4 ^ 2", 1) == 50);
  CHECK(world.Value("-7 % 3", 1) == -1);
  CHECK(world.Value("1 / 0", 1) == HUGE_VAL);
  CHECK(std::isnan(world.Value("0 / 0", 1)));
  CHECK(world.Value("1 > bool 2", 1) == 0);
  CHECK(world.Value("NaN == bool NaN", 1) == 0);
}

TEST_CASE("Vector and scalar: arithmetic drops the name, a comparison filters and keeps it") {
  ZonesWorld world;
  CHECK(world.Evaluate("a * 2", 1) == Texts{"{z=\"1\"} 20", "{z=\"2\"} 40"});
  CHECK(world.Evaluate("a > 15", 1) == Texts{"a{z=\"2\"} 20"});
  CHECK(world.Evaluate("15 > a", 1) == Texts{"a{z=\"1\"} 10"});
  CHECK(world.Evaluate("a > bool 15", 1) == Texts{"{z=\"1\"} 0", "{z=\"2\"} 1"});
  CHECK(world.Evaluate("-a", 1) == Texts{"{z=\"1\"} -10", "{z=\"2\"} -20"});
}

TEST_CASE("Vector and vector: elements meet by their labels without the name") {
  ZonesWorld world;
  CHECK(world.Evaluate("a - b", 1) == Texts{"{z=\"1\"} 6"});
  CHECK(world.Evaluate("a > b", 1) == Texts{"a{z=\"1\"} 10"});
  CHECK(world.Evaluate("b > bool a", 1) == Texts{"{z=\"1\"} 0"});
  CHECK(world.Evaluate("b > ignoring (y) a", 1).empty());
  CHECK(world.Evaluate("a{z=\"2\"} > ignoring (z) b", 1) == Texts{"a 20"});
  CHECK(world.Evaluate("a{z=\"2\"} - on () b", 1) == Texts{" 16"});
}

TEST_CASE("Vector and vector: several partners are an error, also where a filter would hide them") {
  ZonesWorld world;
  const std::string left =
      "failed: '<' matches one element with one: the left side has several elements for the labels "
      "{}";
  CHECK(world.Evaluate("a < on () b", 1) == Texts{left});
  CHECK(world.Evaluate("b + on () a", 1).front().find("the right side has several elements") !=
        std::string::npos);
  CHECK(world.Evaluate("a + on () c", 1).empty());
}

TEST_CASE("Sets: and, or, unless go by labels and keep the left side's elements") {
  ZonesWorld world;
  CHECK(world.Evaluate("a and b", 1) == Texts{"a{z=\"1\"} 10"});
  CHECK(world.Evaluate("a unless b", 1) == Texts{"a{z=\"2\"} 20"});
  CHECK(world.Evaluate("b or a", 1) == Texts{"a{z=\"2\"} 20", "b{z=\"1\"} 4"});
  CHECK(world.Evaluate("a and on () b", 1).size() == 2);
  CHECK(world.Evaluate("a unless ignoring (z) b", 1).empty());
}

TEST_CASE("Aggregation: by, without and over all") {
  ZonesWorld world;
  world.Sample("a", {{"z", "2"}, {"y", "p"}}, 1, 60);
  CHECK(world.Evaluate("sum(a)", 1) == Texts{" 90"});
  CHECK(world.Evaluate("avg by (z) (a)", 1) == Texts{"{z=\"1\"} 10", "{z=\"2\"} 40"});
  CHECK(world.Evaluate("min without (y) (a)", 1) == Texts{"{z=\"1\"} 10", "{z=\"2\"} 20"});
  CHECK(world.Evaluate("count by (y) (a)", 1) == Texts{" 2", "{y=\"p\"} 1"});
  CHECK(world.Evaluate("stddev by (z) (a)", 1) == Texts{"{z=\"1\"} 0", "{z=\"2\"} 20"});
  CHECK(world.Evaluate("max by (__name__) (a)", 1) == Texts{"a 60"});
  CHECK(world.Evaluate("sum(c)", 1).empty());
}

TEST_CASE("Two elements that become the same are an error") {
  ZonesWorld world;
  CHECK(world.Evaluate("{__name__=~\"a|b\"} * 2", 1) ==
        Texts{"failed: two elements of the result have the same labels"});
}

}  // namespace fleet_edge::rules
