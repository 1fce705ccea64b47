#include "rules/testing/series_notation.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "rules/expression_error.h"

namespace fleet_edge::rules {
namespace {

using Kind = ValueRun::Kind;

/// Samples as they are; `_` and `stale` as words.
std::vector<std::string> Expand(std::string_view text) {
  const std::vector<ValueRun> runs = ParseValues(text);
  ValueCursor cursor(runs);
  std::vector<std::string> values;
  while (const std::optional<ValueCursor::Value> value = cursor.Next()) {
    if (value->kind == Kind::kMissing) {
      values.emplace_back("_");
    } else if (value->kind == Kind::kStale) {
      values.emplace_back("stale");
    } else {
      std::string number = std::to_string(value->number);
      values.push_back(number.erase(number.find_last_not_of('0') + 1));
    }
  }
  return values;
}

ExpressionError Refusal(std::string_view text, bool metric = false) {
  try {
    if (metric) {
      ParseMetric(text);
    } else {
      ParseValues(text);
    }
  } catch (const ExpressionError& error) {
    return error;
  }
  return {};
}

}  // namespace

TEST_CASE("Series notation: values, runs and steps are what promtool makes of them") {
  using Values = std::vector<std::string>;
  CHECK(Expand("").empty());
  CHECK(Expand("1 -2.5  +3\n4e1") == Values{"1.", "-2.5", "3.", "40."});
  CHECK(Expand("0+10x5") == Values{"0.", "10.", "20.", "30.", "40.", "50."});
  CHECK(Expand("1-1x3") == Values{"1.", "0.", "-1.", "-2."});
  CHECK(Expand("-1-1x1") == Values{"-1.", "-2."});
  CHECK(Expand("1x4") == Values{"1.", "1.", "1.", "1.", "1."});
  CHECK(Expand("7x0") == Values{"7."});
  CHECK(Expand("0x2") == Values{"0.", "0.", "0."});
  CHECK(Expand("_ _x3") == Values{"_", "_", "_", "_"});
  CHECK(Expand("_x0").empty());
  CHECK(Expand("5 _ 7 stale STALE") == Values{"5.", "_", "7.", "stale", "stale"});
  CHECK(Expand("010 1_000") == Values{"8.", "1000."});
}

TEST_CASE("Series notation: NaN and infinities are numbers, in whatever case") {
  const std::vector<ValueRun> runs = ParseValues("NaN Inf -inf +Inf nan");
  REQUIRE(runs.size() == 5);
  CHECK(std::isnan(runs[0].first));
  CHECK(runs[1].first == std::numeric_limits<double>::infinity());
  CHECK(runs[2].first == -std::numeric_limits<double>::infinity());
  CHECK(runs[3].first == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(runs[4].first));
}

TEST_CASE("Series notation: steps are added one by one") {
  const std::vector<ValueRun> runs = ParseValues("0+0.1x9");
  ValueCursor cursor(runs);
  double last = 0;
  while (const auto value = cursor.Next()) last = value->number;
  CHECK(last == 0.8999999999999999);
}

TEST_CASE("Series notation: four billion values cost as much as one") {
  const std::vector<ValueRun> runs = ParseValues("1x4294967295");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].count == 4294967296);
  CHECK(Refusal("1 1x4294967296").offset == 4);
}

TEST_CASE("Series notation: what can't be read is refused where it stands") {
  const std::vector<std::pair<std::string_view, std::size_t>> wrong{
      {"1 two 3", 2}, {"1+2", 3},   {"1+2 x3", 3}, {"1x", 2},   {"1xy", 2},
      {"stalex3", 0}, {"NaNx2", 0}, {"1__0", 0},   {"--1", 1},  {"1,2", 1},
      {"1 + 2x3", 3}, {"x3", 0},    {"_3", 1},     {"1..2", 0}, {"1e", 0},
      {"3 #4", 2},    {"1x2.5", 3}, {"_x", 2},     {"- 1", 1},  {"infinity", 0}};
  for (const auto& [text, offset] : wrong) {
    CAPTURE(text);
    const ExpressionError error = Refusal(text);
    CHECK_FALSE(error.what.empty());
    CHECK(error.offset == offset);
  }
  CHECK(Refusal("1 two 3").what == "expected a number, _ or stale, got 'two'");
}

TEST_CASE("Series notation: histograms are refused by name") {
  const ExpressionError error = Refusal("1 {{schema:1 sum:2}}");
  CHECK(error.offset == 2);
  CHECK(error.what == "histograms are not supported");
}

TEST_CASE("Series notation: a metric is its name and its labels, in any quotes") {
  CHECK(ParseMetric("").empty());
  CHECK(ParseMetric("{}").empty());
  CHECK(ParseMetric("up") == Labels{{"__name__", "up"}});
  CHECK(ParseMetric("sum{}") == Labels{{"__name__", "sum"}});
  CHECK(ParseMetric("{__name__=\"up\",}") == Labels{{"__name__", "up"}});
  CHECK(ParseMetric(R"(a:b {x="\"1\"", y='2', z=`\3`})") ==
        Labels{{"__name__", "a:b"}, {"x", "\"1\""}, {"y", "2"}, {"z", "\\3"}});
}

TEST_CASE("Series notation: a metric with anything else is refused") {
  for (const char* const text : {"up{", "up{job}", "up{job=~\"a\"}", "up{job=a}", "up[5m]", "up 1",
                                 "{\"up\"}", "up{job=\"a\" x=\"b\"}", "1", "up{a:b=\"1\"}"}) {
    CAPTURE(text);
    CHECK_FALSE(Refusal(text, true).what.empty());
  }
}

}  // namespace fleet_edge::rules
