
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/rules/parsing.h"

namespace fleet_edge::rules {

TEST_CASE("Parser: operators bind as in PromQL") {
  CHECK(Read("a or b and c == d + e * f ^ g") == "(a or (b and (c == (d + (e * (f ^ g))))))");
  CHECK(Read("a - b - c") == "((a - b) - c)");
  CHECK(Read("a ^ b ^ c") == "(a ^ (b ^ c))");
  CHECK(Read("a and b unless c or d") == "(((a and b) unless c) or d)");
  CHECK(Read("a > b > c") == "((a > b) > c)");
  CHECK(Read("(a or b) and c") == "((a or b) and c)");
}

TEST_CASE("Parser: the unary minus binds less than ^ and more than *") {
  CHECK(Read("-a ^ b") == "-(a ^ b)");
  CHECK(Read("-a * b") == "(-a * b)");
  CHECK(Read("2 ^ -1") == "(2 ^ -1)");
  CHECK(Read("-1 ^ 2") == "-(1 ^ 2)");
  CHECK(Read("--1") == "1");
  CHECK(Read("+a") == "+a");
}

TEST_CASE("Parser: numbers are read as Go reads them") {
  CHECK(Read("1_000") == "1000");
  CHECK(Read("0x1F") == "31");
  CHECK(Read("010") == "8");
  CHECK(Read("08") == "8");
  CHECK(Read(".5e1") == "5");
  CHECK(Read("-inf") == "-inf");
  CHECK(Read("NaN") == "nan");
  CHECK(Read("1h30m") == "5400");
  CHECK(Read("1d2ms") == "86400.002");
  Refuses("10us", 0, "neither a number nor a duration");
}

TEST_CASE("Parser: selectors, ranges and matchers") {
  CHECK(Read("a{b=\"c\", d!~'e|f',}[1h30m]") == "a{b=\"c\",d!~\"e|f\"}[1h30m]");
  CHECK(Read("{__name__=\"a\"}") == "a");
  CHECK(Read("{__name__=\"inf\"}") == "{__name__=\"inf\"}");
  CHECK(Read("{__name__=\"a b\"}") == "{__name__=\"a b\"}");
  CHECK(Read("a[600]") == "a[10m]");
  CHECK(Read("a[+0x5]") == "a[5s]");
  CHECK(Read("a[0.5]") == "a[500ms]");
  CHECK(Read("sum") == "sum");
  CHECK(Read("rate{by=\"x\"}") == "rate{by=\"x\"}");
}

TEST_CASE("Parser: an offset follows a selector, once") {
  CHECK(Read("a offset 1m") == "a offset 1m");
  CHECK(Read("a[5m] OFFSET 60") == "a[5m] offset 1m");
  CHECK(Read("-a offset +0x10 ^ 2") == "-(a offset 16s ^ 2)");
  CHECK(Read("a offset 0s") == "a");
  CHECK(Read("a[500ms] offset 0.0005") == "a[500ms] offset 5e-04");
  CHECK(Read("a[5e-04]") == "a[5e-04]");
  Refuses("a offset", 8, "expected a duration after 'offset', got the end");
  Refuses("a offset b", 9, "got 'b'");
  Refuses("a offset 10us", 9, "got '10us'");
  Refuses("a offset 367d", 9, "got '367d'");
  Refuses("a offset 1m offset 1m", 12, "given twice");
  Refuses("a offset 1m[5m]", 11, "Write the range first");
  Refuses("a offset 1m @ 5", 12, "modifier '@' is not supported");
  Refuses("a @ 5 offset 1m", 2, "modifier '@' is not supported");
  Refuses("abs(a) offset 1m", 7, "follows what is no selector");
  Refuses("(a) offset 1m", 4, "follows what is no selector");
  Refuses("1 offset 1m", 2, "follows what is no selector");
}

TEST_CASE("Parser: aggregations take their labels before or behind") {
  CHECK(Read("sum by (b, a) (x)") == "sum by (a, b) (x)");
  CHECK(Read("SUM(x) WITHOUT (a)") == "sum without (a) (x)");
  CHECK(Read("count(x)") == "count(x)");
  CHECK(Read("a > bool on (z) b") == "(a > bool on (z) b)");
  CHECK(Read("a / ignoring (z, z) b") == "(a / ignoring (z) b)");
  CHECK(Read("topk by (z) (1 + 1, x)") == "topk by (z) ((1 + 1), x)");
  CHECK(Read("count_values(('v'), x) without (z)") == "count_values without (z) (\"v\", x)");
}

TEST_CASE("Parser: the many side of a matching is named, with the labels that the one side lends") {
  CHECK(Read("a * on (z) group_left b") == "(a * on (z) group_left () b)");
  CHECK(Read("a * ON (z) GROUP_LEFT () b") == "(a * on (z) group_left () b)");
  CHECK(Read("a * ignoring () group_right (y, x) b") == "(a * ignoring () group_right (x, y) b)");
  CHECK(Read("a atan2 b") == "(a atan2 b)");
  Refuses("a * group_left b", 4, "'group_left' without 'on' or 'ignoring'");
  Refuses("a and on (z) group_left b", 13, "'group_left' behind a set operator");
  Refuses("a * on (z, y) group_right (y) b", 30, "'y' stands both in 'on' and in the grouping");
  Refuses("a + on (z) group_left 1", 2, "on and ignoring match two instant vectors");
  Refuses("a + on b", 7, "expected '(' before label names");
}

TEST_CASE("Parser: what is wrong is told with its place") {
  Refuses("", 0, "empty");
  Refuses("a +", 3, "expected an expression, got the end");
  Refuses("(a", 2, "expected ')'");
  Refuses("a)", 1, "')' closes nothing");
  Refuses("a b", 2, "expected an operator");
  Refuses("a = 1", 2, "Write '=='");
  Refuses("a{b}", 3, "expected one of = != =~ !~");
  Refuses("a{b=c}", 4, "in quotes");
  Refuses("a{__name__=\"b\"}", 2, "given twice");
  Refuses("{a=~\".*\"}", 0, "every series");
  Refuses("a{b=~\"(\"}", 5, "can't be read");
  Refuses("a{b=~\"(?=x)\"}", 5, "invalid perl operator: (?=");
  Refuses("a{b=~\"\\\\1\"}", 5, "escape");
  Refuses("a[10]x", 5, "expected an operator");
  Refuses("a[0s]", 2, "expected a range");
  Refuses("a[1m1h]", 2, "expected a range");
  Refuses("a[x]", 2, "expected a range");
  Refuses("1 == bool", 9, "got the end");
  Refuses("a + bool b", 4, "compares nothing");
  Refuses("1__0", 0, "neither a number");
}

TEST_CASE("Parser: words of operators name no metric, other words do") {
  for (const std::string word : {"bool", "on", "ignoring", "group_left", "group_right", "atan2"}) {
    Refuses(word, 0, "expected an expression, got '" + word + "'");
    CHECK(Read("{__name__=\"" + word + "\"}") == "{__name__=\"" + word + "\"}");
  }
  CHECK(Read("offset offset 1m") == "offset offset 1m");
  CHECK(Read("by + without") == "(by + without)");
  CHECK(Read("fill + quantile") == "(fill + quantile)");
}

TEST_CASE("Parser: the normal form reads as itself") {
  for (const std::string_view text :
       {"(-a) ^ b", "-a ^ b", "(-1) ^ 2", "-(1 ^ 2)", "-(a offset 1m) - -Inf", "1e22 / NaN",
        "a{b=\"\\n\\\\\\\"\"}[0.0005] offset 31622399.999999", "topk(-1, a) by (c, b)",
        "{__name__=\"bool\"} > bool on () group_right (c) {__name__=~\".+\"}",
        "count_values without () ('x', -(+a))", "1 == bool (2 atan2 0x10) ^ -3 ^ b"}) {
    INFO(text);
    if (text.find('[') == std::string_view::npos) CHECK(Refusal(text) == "fine");
    const std::string normal = Read(text);
    CHECK(Read(normal) == normal);
  }
  CHECK(Read("(-a) ^ b") == "((-a) ^ b)");
  CHECK(Read("(-1) ^ 2") == "((-1) ^ 2)");
}

TEST_CASE("Type check: what doesn't fit is told where it stands") {
  Refuses("avg_over_time(a)", 14,
          "takes a value of type range vector, got instant vector. Give it a range");
  Refuses("abs(a[5m])", 4, "got range vector");
  Refuses("sum(1)", 4, "takes a value of type instant vector, got scalar");
  Refuses("a[5m]", 0, "got a range vector");
  Refuses("\"a\"", 0, "got a string");
  Refuses("a[5m] > 1", 0, "joins scalars and instant vectors");
  Refuses("1 > 2", 2, "Write > bool");
  Refuses("a and 1", 2, "joins two instant vectors");
  Refuses("a + on (z) 1", 2, "on and ignoring");
  Refuses("abs()", 0, "takes 1 argument, got 0");
  Refuses("topk(a, a)", 5, "takes a value of type scalar, got instant vector");
  Refuses("topk(a)", 0, "'topk' takes 2 arguments, got 1. Write topk(1, …)");
  Refuses("count_values(a)", 0, "Write count_values(\"label\", …)");
  Refuses("sum(1, a)", 0, "'sum' takes 1 argument, got 2. Write sum(…)");
  Refuses("quantile(\"1\", a)", 9, "takes a value of type scalar, got string");
  Refuses("count_values(a, a)", 13, "takes a value of type string, got instant vector");
  Refuses("count_values(\"a b\", a)", 13, "'a b' can't be a label's name");
  Refuses("count_values(\"\", a)", 13, "can't be a label's name");
  Refuses("abs(a, b)", 0, "takes 1 argument, got 2");
  Refuses("time(1)", 0, "takes 0 arguments, got 1");
  Refuses("round()", 0, "takes 1 or 2 arguments, got 0");
  Refuses("hour(a, b)", 0, "takes 0 or 1 arguments, got 2");
  Refuses("quantile_over_time(a[5m], 0.5)", 19, "got range vector");
  Refuses("quantile_over_time(a, a[5m])", 19, "takes a value of type scalar, got instant vector");
  Refuses("label_join(a, \"b\")", 0, "takes at least 3 arguments, got 2");
  Refuses("label_join(a, \"b\", \"\", 1)", 23, "takes a value of type string, got scalar");
  Refuses("label_join(a, \"b\", \"\", \"c\", \"0\")", 28, "'0' is no label's name");
  Refuses("label_replace(a, \"\", \"\", \"c\", \"d\")", 17, "'' is no label's name");
  Refuses("label_replace(a, \"b\", \"\", \"c\", \"(\")", 31, "the pattern '(' can't be read");
  Refuses("double_exponential_smoothing(a[5m], 0.5, 1)", 41,
          "the trend factor lies between 0 and 1, got 1. Write one like 0.3");
  Refuses("-\"a\"", 0, "'-' stands before what is no number");
  CHECK(Refusal("1 > bool 2") == "fine");
  CHECK(Refusal("a > on () 1") == "fine");
}

TEST_CASE("Parser: depth and length are bounded") {
  CHECK(Refusal(std::string(90, '(') + "a" + std::string(90, ')')) == "fine");
  Refuses(std::string(1'500, '(') + "a", 100, "nested too deeply");
  Refuses(std::string(1'500, '-') + "a", 100, "nested too deeply");
  std::string sum = "a";
  for (int i = 0; i < 900; ++i) sum += "+a";
  CHECK(Refusal(sum) == "fine");
  for (int i = 0; i < 900; ++i) sum += "+a";
  CHECK(Refusal(sum).find("longer than 2000") != std::string::npos);
}

}  // namespace fleet_edge::rules
