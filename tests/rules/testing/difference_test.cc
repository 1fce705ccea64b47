#include "rules/testing/difference.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace fleet_edge::rules {
namespace {

using Texts = std::vector<std::string>;

/// As people see it.
Texts Show(const Texts& expected, const Texts& got) {
  Texts texts;
  for (const auto& [side, text] : Difference(expected, got)) {
    using Side = DifferenceLine::Side;
    texts.push_back((side == Side::kBoth ? " " : side == Side::kExpected ? "-" : "+") + text);
  }
  return texts;
}

}  // namespace

TEST_CASE("Difference: what is on both sides stands once, the rest side by side") {
  CHECK(Show({}, {}).empty());
  CHECK(Show({"a"}, {"a"}) == Texts{" a"});
  CHECK(Show({"a"}, {}) == Texts{"-a"});
  CHECK(Show({}, {"a"}) == Texts{"+a"});
  CHECK(Show({"a", "b", "c"}, {"a", "x", "c"}) == Texts{" a", "-b", "+x", " c"});
  CHECK(Show({"a", "b", "c", "d"}, {"b", "d", "e"}) == Texts{"-a", " b", "-c", " d", "+e"});
  CHECK(Show({"a", "a"}, {"a"}) == Texts{" a", "-a"});
}

TEST_CASE("Difference: long texts that have little in common are told all the same") {
  const Texts expected(3000, "expected");
  Texts got(3000, "got");
  got.front() = "expected";
  got.back() = "expected";
  const auto lines = Difference(expected, got);
  REQUIRE(lines.size() == 1 + 2998 + 2998 + 1);
  CHECK(lines.front() == DifferenceLine{DifferenceLine::Side::kBoth, "expected"});
  CHECK(lines[1] == DifferenceLine{DifferenceLine::Side::kExpected, "expected"});
  CHECK(lines[2999] == DifferenceLine{DifferenceLine::Side::kGot, "got"});
  CHECK(lines.back() == DifferenceLine{DifferenceLine::Side::kBoth, "expected"});
}

}  // namespace fleet_edge::rules
