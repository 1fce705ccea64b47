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
  const Texts many{
      "failed: multiple matches for labels {}: many-to-one matching must be explicit "
      "(group_left/group_right)"};
  CHECK(world.Evaluate("a < on () b", 1) == many);
  CHECK(world.Evaluate("a + on () b", 1) == many);
  CHECK(world.Evaluate("b + on () a", 1) ==
        Texts{"failed: found duplicate series for the match group {} on the right side of '+': "
              "many-to-many matching is not allowed, matching labels must be unique on one side"});
  CHECK(world.Evaluate("a + on () c", 1).empty());
}

namespace {

/// Two limits for zone 1, one for zone 2, and who owns a zone.
class LimitsWorld : public ZonesWorld {
 public:
  LimitsWorld() {
    Sample("limit", {{"z", "1"}, {"k", "hi"}}, 1, 100);
    Sample("limit", {{"z", "2"}, {"k", "hi"}}, 1, 200);
    Sample("limit", {{"z", "1"}, {"k", "lo"}}, 1, 1);
    Sample("info", {{"z", "1"}, {"owner", "x"}}, 1, 1);
    Sample("info", {{"z", "2"}, {"owner", "y"}}, 1, 1);
  }
};

}  // namespace

TEST_CASE("Many to one: each element of the many side meets one, and keeps its labels") {
  LimitsWorld world;
  const Texts products{"{k=\"hi\",z=\"1\"} 1000", "{k=\"hi\",z=\"2\"} 4000",
                       "{k=\"lo\",z=\"1\"} 10"};
  CHECK(world.Evaluate("limit * on (z) group_left a", 1) == products);
  CHECK(world.Evaluate("a * on (z) group_right limit", 1) == products);
  CHECK(world.Evaluate("a * ignoring (k) group_right () limit", 1) == products);
  CHECK(world.Evaluate("limit - on () group_left b", 1) ==
        Texts{"{k=\"hi\",z=\"1\"} 96", "{k=\"hi\",z=\"2\"} 196", "{k=\"lo\",z=\"1\"} -3"});
  CHECK(world.Evaluate("limit * on (z) group_left c", 1).empty());
}

TEST_CASE("Many to one: a comparison keeps the name of the many side and the value of the left") {
  LimitsWorld world;
  CHECK(world.Evaluate("limit > on (z) group_left a", 1) ==
        Texts{"limit{k=\"hi\",z=\"1\"} 100", "limit{k=\"hi\",z=\"2\"} 200"});
  CHECK(world.Evaluate("a > on (z) group_right limit", 1) == Texts{"limit{k=\"lo\",z=\"1\"} 10"});
  CHECK(world.Evaluate("limit > bool on (z) group_left a", 1) ==
        Texts{"{k=\"hi\",z=\"1\"} 1", "{k=\"hi\",z=\"2\"} 1", "{k=\"lo\",z=\"1\"} 0"});
}

TEST_CASE("Many to one: the one side lends labels, or takes them away where it has none") {
  LimitsWorld world;
  const Texts owned{"{k=\"hi\",owner=\"x\",z=\"1\"} 100", "{k=\"hi\",owner=\"y\",z=\"2\"} 200",
                    "{k=\"lo\",owner=\"x\",z=\"1\"} 1"};
  CHECK(world.Evaluate("limit * on (z) group_left (owner) info", 1) == owned);
  CHECK(world.Evaluate("info * on (z) group_right (owner) limit", 1) == owned);
  CHECK(world.Evaluate("limit{k=\"lo\"} * on (z) group_left (k) a", 1) == Texts{"{z=\"1\"} 10"});
  CHECK(world.Evaluate("limit{k=\"lo\"} * on (z) group_left (__name__) a", 1) ==
        Texts{"a{k=\"lo\",z=\"1\"} 10"});
}

TEST_CASE("Many to one: results must differ, and the one side be unique") {
  LimitsWorld world;
  const Texts same{
      "failed: multiple matches for labels {z=\"1\"}: grouping labels must ensure unique matches"};
  CHECK(world.Evaluate("limit * on (z) group_left (k) a", 1) == same);
  CHECK(world.Evaluate("limit < on (z) group_left (k) a", 1) == same);
  CHECK(world.Evaluate("limit + on (z) group_left limit", 1).front().find("on the right side") !=
        std::string::npos);
  CHECK(world.Evaluate("limit * on (z) group_right a", 1).front().find("on the left side") !=
        std::string::npos);
}

TEST_CASE("Operators associate and bind as in PromQL") {
  ZonesWorld world;
  CHECK(world.Value("-2 ^ 2", 1) == -4);
  CHECK(world.Value("2 ^ 3 ^ 2", 1) == 512);
  CHECK(world.Value("2 ^ -1 ^ 2", 1) == 0.5);
  CHECK(world.Value("1 - 1 - 1", 1) == -1);
  CHECK(world.Value("1 + 2 atan2 3 ^ 2", 1) == 1.218668945873942);
  CHECK(world.Value("-1 atan2 -1", 1) == -2.356194490192345);
  CHECK(world.Value("3 > bool 2 > bool 1", 1) == 0);
  CHECK(world.Evaluate("a > 5 > 15", 1) == Texts{"a{z=\"2\"} 20"});
  CHECK(world.Evaluate("5 < a < 15", 1) == Texts{"a{z=\"1\"} 10"});
  CHECK(world.Evaluate("a > bool 15 == 1", 1) == Texts{"{z=\"2\"} 1"});
  CHECK(world.Evaluate("a unless b or b", 1) == Texts{"a{z=\"2\"} 20", "b{z=\"1\"} 4"});
  CHECK(world.Evaluate("a atan2 b", 1) == Texts{"{z=\"1\"} 1.1902899496825317"});
}

TEST_CASE("Sets: and, or, unless go by labels and keep the left side's elements") {
  ZonesWorld world;
  CHECK(world.Evaluate("a and b", 1) == Texts{"a{z=\"1\"} 10"});
  CHECK(world.Evaluate("a unless b", 1) == Texts{"a{z=\"2\"} 20"});
  CHECK(world.Evaluate("b or a", 1) == Texts{"a{z=\"2\"} 20", "b{z=\"1\"} 4"});
  CHECK(world.Evaluate("a and on () b", 1).size() == 2);
  CHECK(world.Evaluate("a unless ignoring (z) b", 1).empty());
}

TEST_CASE("Two elements that become the same are an error") {
  ZonesWorld world;
  CHECK(world.Evaluate("{__name__=~\"a|b\"} * 2", 1) ==
        Texts{"failed: two elements of the result have the same labels"});
}

TEST_CASE("Operators: a plus changes no value, and hides the selector behind it") {
  ExpressionWorld world;
  world.Series("x", {{"a", "b"}}, {5});
  CHECK(world.Evaluate("+x", 1) == Texts{"x{a=\"b\"} 5"});
  CHECK(world.Evaluate("absent(y{a=\"b\"})", 1) == Texts{"{a=\"b\"} 1"});
  CHECK(world.Evaluate("absent(+y{a=\"b\"})", 1) == Texts{" 1"});
}

}  // namespace fleet_edge::rules
