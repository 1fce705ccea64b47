#include "rules/pattern.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::rules {
namespace {

bool Matches(std::string_view pattern, std::string_view text) {
  std::string why;
  const std::optional<Pattern> compiled = Pattern::Compile(pattern, why);
  INFO(why);
  CHECK(compiled);
  return compiled && compiled->Matches(text);
}

std::string Refusal(std::string_view pattern) {
  std::string why;
  return Pattern::Compile(pattern, why) ? "fine" : why;
}

}  // namespace

TEST_CASE("Pattern: it is anchored at both ends") {
  CHECK(Matches("b", "b"));
  CHECK_FALSE(Matches("b", "abc"));
  CHECK(Matches("a|b.*", "bcd"));
  CHECK_FALSE(Matches("a|b", "ab"));
  CHECK(Matches("", ""));
}

TEST_CASE("Pattern: classes, counts and groups") {
  CHECK(Matches("zone-[0-9]{1,2}", "zone-12"));
  CHECK_FALSE(Matches("zone-[^0-9]", "zone-1"));
  CHECK(Matches("(?:front|rear)-\\d+", "rear-3"));
  CHECK(Matches("a\\.b", "a.b"));
  CHECK_FALSE(Matches("a\\.b", "axb"));
}

TEST_CASE("Pattern: what RE2 reads otherwise is refused") {
  CHECK(Refusal("(?i)abc") == "holds the group '(?i', which is not supported");
  CHECK(Refusal("(?=a)") == "holds the group '(?=', which is not supported");
  CHECK(Refusal("(a)\\1") == "holds the escape '\\1', which is not supported");
  CHECK(Refusal("\\pL") == "holds the escape '\\p', which is not supported");
  CHECK(Refusal("[[:alpha:]]") == "holds a class by name in brackets, which is not supported");
  CHECK(Refusal("[ä]") == "holds a letter beyond ASCII in brackets, which is not supported");
  CHECK(Refusal("(a").starts_with("can't be read"));
  CHECK(Refusal("a\\").starts_with("holds the escape"));
  CHECK(Refusal(std::string(1'001, 'a')) == "is longer than 1000 characters");
  CHECK(Refusal("((a{1000}){1000}){1000}").starts_with("can't be read"));
}

TEST_CASE("Pattern: a label that is made to hurt does not") {
  CHECK_FALSE(Matches("(a+)+b", std::string(2'000, 'a')));
  CHECK(Matches("(.|a)*", std::string(4'000, 'a')));
  CHECK_FALSE(Matches(".*", std::string(5'000, 'a')));
}

}  // namespace fleet_edge::rules
