// label_replace and label_join. Results are Prometheus 3's.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/rules/expression_world.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

void Fill(ExpressionWorld& world) {
  world.Sample("x", {{"y", "p"}, {"z", "one-two"}}, 1, 1).Sample("x", {{"z", "three"}}, 1, 2);
}

/// The labels of the element whose label z is `one-two`, then those of the other, as `call` makes
/// them.
Texts Labelled(std::string_view call) {
  ExpressionWorld world;
  Fill(world);
  return world.Evaluate(call, 1);
}

const std::string kFirst = R"(x{y="p",z="one-two"} 1)";
const std::string kSecond = R"(x{z="three"} 2)";

}  // namespace

TEST_CASE("label_replace: groups of the pattern, by number and by name") {
  CHECK(Labelled("label_replace(x, 'n', '$2.$1', 'z', '(.*)-(.*)')") ==
        Texts{R"(x{n="two.one",y="p",z="one-two"} 1)", kSecond});
  CHECK(Labelled("label_replace(x, 'n', '${2}a$$', 'z', '(.*)-(.*)')") ==
        Texts{R"(x{n="twoa$",y="p",z="one-two"} 1)", kSecond});
  CHECK(Labelled("label_replace(x, 'n', '${b}', 'z', '(?P<b>.*)-.*')") ==
        Texts{R"(x{n="one",y="p",z="one-two"} 1)", kSecond});
  CHECK(Labelled("label_replace(x, 'n', '$b!', 'z', '(?P<b>.*)-.*')") ==
        Texts{R"(x{n="one!",y="p",z="one-two"} 1)", kSecond});
  CHECK(Labelled("label_replace(x, 'n', '$0', 'z', 't(h|r).*')") ==
        Texts{R"(x{n="three",z="three"} 2)", kFirst});
}

TEST_CASE("label_replace: the longest name counts, of no group it is empty") {
  for (const char* const empty : {"$1a", "$01", "$9", "$b_", "${3}", "$1é", "$99999999999", ""}) {
    CAPTURE(empty);
    CHECK(Labelled("label_replace(x, 'n', '" + std::string(empty) + "', 'z', '(?P<b>.)(.*)')") ==
          Texts{kFirst, kSecond});
  }
  CHECK(Labelled("label_replace(x, 'n', 'a$1b', 'z', 't(q)?.*')") ==
        Texts{R"(x{n="a",z="three"} 2)", kFirst});
}

TEST_CASE("label_replace: what is no name stands for itself") {
  for (const char* const text : {"$", "${1", "${}-", "${x y}", "a$-b", "$°"}) {
    CAPTURE(text);
    CHECK(Labelled("label_replace(x, 'n', '" + std::string(text) + "', 'z', 'thr(.*)')") ==
          Texts{"x{n=\"" + std::string(text) + "\",z=\"three\"} 2", kFirst});
  }
}

TEST_CASE("label_replace: an empty value removes the label, a missing source is empty") {
  CHECK(Labelled("label_replace(x, 'z', '', 'z', 'thr.*')") == Texts{"x 2", kFirst});
  CHECK(Labelled("label_replace(x{z='three'}, 'n', 'new', 'none', '')") ==
        Texts{R"(x{n="new",z="three"} 2)"});
  CHECK(Labelled("label_replace(x, 'n', 'new', 'none', '.+')") == Texts{kFirst, kSecond});
  CHECK(Labelled("label_replace(x{z='three'}, 'n', 'new', '', '')") ==
        Texts{R"(x{n="new",z="three"} 2)"});
}

TEST_CASE("label_replace: a name may be taken, given and made") {
  CHECK(Labelled("label_replace(x{z='three'}, '__name__', 'q', 'z', '.*')") ==
        Texts{R"(q{z="three"} 2)"});
  CHECK(Labelled("label_replace(abs(x{z='three'}), '__name__', 'q', '', '')") ==
        Texts{R"(q{z="three"} 2)"});
  CHECK(Labelled("label_replace(x{z='three'}, 'n', '$1', '__name__', '(.*)')") ==
        Texts{R"(x{n="x",z="three"} 2)"});
}

TEST_CASE("label_replace: two elements that become the same fail") {
  CHECK(Labelled("label_replace(sum by (z) (x), 'z', 'same', 'z', '.*')") ==
        Texts{"failed: two elements of the result have the same labels"});
}

TEST_CASE("label_join: values with a separator between them, missing ones empty") {
  CHECK(Labelled("label_join(x, 'n', '-', 'z', 'y')") ==
        Texts{R"(x{n="one-two-p",y="p",z="one-two"} 1)", R"(x{n="three-",z="three"} 2)"});
  CHECK(Labelled("label_join(x{y='p'}, 'z', ',', 'none', 'none')") == Texts{R"(x{y="p",z=","} 1)"});
  CHECK(Labelled("label_join(x{y='p'}, 'y', '_', 'z', 'y')") ==
        Texts{R"(x{y="one-two_p",z="one-two"} 1)"});
  CHECK(Labelled("label_join(x{y='p'}, '__name__', '_', 'y', 'y')") ==
        Texts{R"(p_p{y="p",z="one-two"} 1)"});
}

TEST_CASE("label_join: without sources it removes the label") {
  CHECK(Labelled("label_join(x{y='p'}, 'z', ',')") == Texts{R"(x{y="p"} 1)"});
}

TEST_CASE("label_join: a value that would grow beyond all bounds fails") {
  ExpressionWorld world;
  world.Sample("x", {{"z", std::string(1'500, 'a')}}, 1, 1);
  CHECK(world.Evaluate("label_join(x, 'n', '', 'z', 'z')", 1).front().starts_with("x{n=\"aa"));
  CHECK(world.Evaluate("label_join(x, 'n', '', 'z', 'z', 'z')", 1) ==
        Texts{"failed: the label 'n' would be longer than 4096 bytes"});
}

}  // namespace fleet_edge::rules
