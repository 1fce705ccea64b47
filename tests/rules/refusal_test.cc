#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

#include "tests/rules/parsing.h"

namespace fleet_edge::rules {
namespace {

struct Foreign {
  std::string_view text;
  std::size_t offset;
  std::string_view says;  // what it is, and what is nearest
};

// What PromQL has and this engine has not.
constexpr Foreign kForeign[] = {
    {"a offset -5m", 9, "a negative offset is not supported: the future is not known yet. Write"},
    {"a[5m] offset -5", 13, "a negative offset is not supported"},
    {"a offset (1m + 1m)", 9, "expected a duration after 'offset', got '('"},
    {"a @ 5", 2, "modifier '@' is not supported"},
    {"a[5m] @ start()", 6, "modifier '@' is not supported"},
    {"a offset 5m @ end()", 12, "modifier '@' is not supported"},
    {"a smoothed", 2, "modifier 'smoothed' is not supported. A range like [1m] is the nearest"},
    {"rate(a[5m] anchored)", 11, "modifier 'anchored' is not supported"},
    {"a[5m:1m]", 4, "subqueries are not supported. Record the inner expression by a rule"},
    {"a[5m:]", 4, "subqueries are not supported"},
    {"rate(a[1m])[5m:]", 11, "subqueries are not supported. Record the expression by a rule"},
    {"(a)[5m]", 3, "subqueries are not supported"},
    {"a[5m][5m:1m]", 5, "subqueries are not supported"},
    {"a[5m + 1m]", 5, "expected ']' after the range, got '+'. Write one duration"},
    {"a[step()]", 2, "expected a range, got 'step'. Write a duration"},
    {"limitk(3, a)", 0, "aggregation 'limitk' is not supported. topk and bottomk take the first"},
    {"limit_ratio by (z) (0.5, a)", 0, "aggregation 'limit_ratio' is not supported"},
    {"a + fill(0) b", 4, "'fill' is not supported. Give what is missing by `or`"},
    {"a + on (z) fill_left(0) b", 11, "'fill_left' is not supported"},
    {"a + on (z) group_left fill_right(0) b", 22, "'fill_right' is not supported"},
    {"a </ 3", 2, "operator '</' is not supported. Supported: + - * / % ^ atan2"},
    {"a >/ 3", 2, "operator '>/' is not supported"},
    {"histogram_quantile(0.9, a)", 0, "function 'histogram_quantile' is not supported"},
    {"info(a)", 0, "function 'info' is not supported"},
    {"ts_of_last_over_time(a[1m])", 0, "function 'ts_of_last_over_time' is not supported"},
    {"holt_winters(a[1m], 0.5, 0.5)", 0, "It is called 'double_exponential_smoothing'"},
    {"avg_ovr_time(a[1m])", 0, "no function 'avg_ovr_time'. Did you mean 'avg_over_time'?"},
    {"summ(a)", 0, "no function 'summ'. Did you mean 'sum'?"},
    {"distance_km(5m)", 0, "Did you mean 'distance_km_over_time'?"},
    {"{\"a.b\"}", 1, "names in quotes are not supported. Write the name without quotes"},
    {"a{\"b.c\"=\"d\"}", 2, "names in quotes are not supported"},
    {"sum by (\"a.b\") (x)", 8, "label names in quotes are not supported"},
    {"a + on (\"a.b\") x", 8, "label names in quotes are not supported"},
    {"10us", 0, "neither a number nor a duration"},
    {"0b101", 0, "neither a number nor a duration"},
};

}  // namespace

TEST_CASE("Refusal: what PromQL has beyond the subset is refused by name, with what is nearest") {
  for (const Foreign& foreign : kForeign) Refuses(foreign.text, foreign.offset, foreign.says);
}

}  // namespace fleet_edge::rules
