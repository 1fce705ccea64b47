#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "rules/aggregations.h"
#include "tests/rules/expression_world.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

// All expected values are what Prometheus 3 gives.

/// Series of one name, numbered from 1, at second 1; NaN is a sample here.
class NumbersWorld : public ExpressionWorld {
 public:
  explicit NumbersWorld(const std::vector<double>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      Sample("x", {{"i", std::to_string(i + 1)}}, 1, values[i]);
  }

  std::string Only(std::string_view text) {
    const Texts texts = Evaluate(text, 1);
    return texts.size() == 1 ? texts.front() : std::to_string(texts.size()) + " elements";
  }
};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

std::string OnlyOf(const std::vector<double>& values, std::string_view text) {
  return NumbersWorld(values).Only(text);
}

}  // namespace

TEST_CASE("Aggregation: by, without and over all") {
  ExpressionWorld world;
  world.Sample("a", {{"z", "1"}}, 1, 10).Sample("a", {{"z", "2"}}, 1, 20);
  world.Sample("a", {{"z", "2"}, {"y", "p"}}, 1, 60);
  CHECK(world.Evaluate("sum(a)", 1) == Texts{" 90"});
  CHECK(world.Evaluate("sum by () (a)", 1) == Texts{" 90"});
  CHECK(world.Evaluate("avg by (z) (a)", 1) == Texts{"{z=\"1\"} 10", "{z=\"2\"} 40"});
  CHECK(world.Evaluate("avg(a) by (z, z)", 1) == Texts{"{z=\"1\"} 10", "{z=\"2\"} 40"});
  CHECK(world.Evaluate("min without (y) (a)", 1) == Texts{"{z=\"1\"} 10", "{z=\"2\"} 20"});
  CHECK(world.Evaluate("max without () (a)", 1).size() == 3);
  CHECK(world.Evaluate("count by (y) (a)", 1) == Texts{" 2", "{y=\"p\"} 1"});
  CHECK(world.Evaluate("stddev by (z) (a)", 1) == Texts{"{z=\"1\"} 0", "{z=\"2\"} 20"});
  CHECK(world.Evaluate("max by (__name__) (a)", 1) == Texts{"a 60"});
  CHECK(world.Evaluate("group by (z) (a)", 1) == Texts{"{z=\"1\"} 1", "{z=\"2\"} 1"});
  CHECK(world.Evaluate("sum(c)", 1).empty());
}

TEST_CASE("Aggregation: NaN and infinities are values") {
  const std::vector<double> mixed{kNaN, 3, kInf, -kInf, -2};
  CHECK(OnlyOf(mixed, "sum(x)") == " NaN");
  CHECK(OnlyOf(mixed, "avg(x)") == " NaN");
  CHECK(OnlyOf(mixed, "min(x)") == " -Inf");
  CHECK(OnlyOf(mixed, "max(x)") == " +Inf");
  CHECK(OnlyOf(mixed, "count(x)") == " 5");
  CHECK(OnlyOf(mixed, "group(x)") == " 1");
  CHECK(OnlyOf(mixed, "stddev(x)") == " NaN");
  CHECK(OnlyOf({3, kInf}, "stdvar(x)") == " NaN");
  CHECK(OnlyOf({kInf}, "stdvar(x)") == " NaN");
  CHECK(OnlyOf({kNaN}, "min(x)") == " NaN");
  CHECK(OnlyOf({kNaN, -kInf}, "max(x)") == " -Inf");
  CHECK(OnlyOf({kInf, -2}, "avg(x)") == " +Inf");
  CHECK(OnlyOf({-3, -5}, "max(x)") == " -3");
}

TEST_CASE("Aggregation: sums and means are compensated, deviations are not") {
  CHECK(OnlyOf({1, 1e100, 1, -1e100}, "sum(x)") == " 2");
  CHECK(OnlyOf({1, 1e100, 1, -1e100}, "avg(x)") == " 0.5");
  CHECK(OnlyOf({1.7e308, 1.7e308}, "sum(x)") == " +Inf");
  CHECK(OnlyOf({1.7e308, 1.7e308}, "avg(x)") == " 1.7e+308");
  CHECK(OnlyOf({1, 2, 4, 8}, "stddev(x)") == " 2.680951323690902");
  CHECK(OnlyOf({1, 2, 4, 8}, "stdvar(x)") == " 7.1875");
  CHECK(OnlyOf({1}, "stdvar(x)") == " 0");
}

TEST_CASE("quantile: between the two nearest values, NaN first") {
  NumbersWorld world({1, 2, 4, 8});
  CHECK(world.Only("quantile(0.5, x)") == " 3");
  CHECK(world.Only("quantile(0.9, x)") == " 6.800000000000001");
  CHECK(world.Only("quantile(0, x)") == " 1");
  CHECK(world.Only("quantile(1, x)") == " 8");
  CHECK(world.Only("quantile(-0.1, x)") == " -Inf");
  CHECK(world.Only("quantile(1.1, x)") == " +Inf");
  CHECK(world.Only("quantile(NaN, x)") == " NaN");
  CHECK(world.Only("quantile(1 / 2, x)") == " 3");
  CHECK(world.Evaluate("quantile by (i) (0.5, x)", 1).size() == 4);
  const std::vector<double> mixed{kNaN, 3, kInf, -kInf, -2};
  CHECK(OnlyOf(mixed, "quantile(0.5, x)") == " -2");
  CHECK(OnlyOf(mixed, "quantile(0.1, x)") == " NaN");
}

TEST_CASE("topk, bottomk: the first elements of each group with all their labels, NaN last") {
  NumbersWorld world({kNaN, 3, kInf, -kInf, -2});
  CHECK(world.Evaluate("topk(2, x)", 1) == Texts{"x{i=\"2\"} 3", "x{i=\"3\"} +Inf"});
  CHECK(world.Evaluate("topk(2.9, x)", 1).size() == 2);
  CHECK(world.Evaluate("bottomk(2, x)", 1) == Texts{"x{i=\"4\"} -Inf", "x{i=\"5\"} -2"});
  CHECK(world.Evaluate("bottomk(4, x)", 1).size() == 4);
  CHECK(world.Evaluate("bottomk(4, x) != bottomk(4, x)", 1).empty());
  CHECK(world.Evaluate("topk(9, x)", 1).size() == 5);
  CHECK(world.Evaluate("topk by (i) (1, x)", 1).size() == 5);
  CHECK(world.Evaluate("topk without (i) (1, x)", 1) == Texts{"x{i=\"3\"} +Inf"});
}

TEST_CASE("topk, bottomk: what is equal comes in the order of its labels") {
  NumbersWorld world({5, 5, 5, 6, kNaN});
  CHECK(world.Evaluate("topk(2, x)", 1) == Texts{"x{i=\"1\"} 5", "x{i=\"4\"} 6"});
  CHECK(world.Evaluate("bottomk(2, x)", 1) == Texts{"x{i=\"1\"} 5", "x{i=\"2\"} 5"});
}

TEST_CASE("topk, bottomk: their number may be any below 2^63; below 1 nothing is taken") {
  NumbersWorld world({1, 2});
  CHECK(world.Evaluate("topk(0.9, x)", 1).empty());
  CHECK(world.Evaluate("topk(-1e300, x)", 1).empty());
  CHECK(world.Evaluate("topk(1e18, x)", 1).size() == 2);
  CHECK(world.Only("topk(NaN, x)") == "failed: 'topk' takes a whole number, got NaN");
  CHECK(world.Only("bottomk(Inf, x)") == "failed: 'bottomk' takes a whole number, got +Inf");
}

TEST_CASE("count_values: elements by their value, written without an exponent") {
  NumbersWorld world({1e21, 0.00001234, -0.0, 1e21, 123456.789, kNaN, kInf, 20});
  CHECK(world.Evaluate("count_values(\"v\", x)", 1) ==
        Texts{"{v=\"+Inf\"} 1", "{v=\"-0\"} 1", "{v=\"0.00001234\"} 1",
              "{v=\"1000000000000000000000\"} 2", "{v=\"123456.789\"} 1", "{v=\"20\"} 1",
              "{v=\"NaN\"} 1"});
  CHECK(world.Evaluate("count_values by (i) (\"i\", x == 1e21)", 1) ==
        Texts{"{i=\"1000000000000000000000\"} 2"});
  CHECK(world.Evaluate("count_values without (i) (\"v\", x == 20)", 1) == Texts{"{v=\"20\"} 1"});
  CHECK(world.Only("count_values without (v, i) (\"v\", x)") == " 8");
  CHECK(world.Only("count_values without (i) (\"__name__\", x)") == " 8");
  CHECK(world.Only("count_values(\"__name__\", x == 20)") == "20 1");
}

TEST_CASE("count_values: it fails for good once it has met too many values") {
  std::vector<double> values;
  for (std::size_t i = 0; i <= CountValuesNode::kMostLabelSets / 2; ++i)
    values.push_back(static_cast<double>(i));
  CHECK(OnlyOf(values, "count_values(\"v\", x or on (__name__) x + 0.5)") ==
        "failed: 'count_values' has met more than 10000 different values");
}

TEST_CASE("ToDigits: the shortest digits that read back") {
  CHECK(ToDigits(0) == "0");
  CHECK(ToDigits(-1.5) == "-1.5");
  CHECK(ToDigits(0.1) == "0.1");
  CHECK(ToDigits(1e-7) == "0.0000001");
  CHECK(ToDigits(1e22) == "10000000000000000000000");
  CHECK(ToDigits(123456789.125) == "123456789.125");
}

}  // namespace fleet_edge::rules
