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
  CHECK(Matches("^a$", "a"));
  CHECK_FALSE(Matches("a$", "a\n"));
  CHECK_FALSE(Matches("(?m)a$", "a\nb"));
}

TEST_CASE("Pattern: classes, counts and groups") {
  CHECK(Matches("zone-[0-9]{1,2}", "zone-12"));
  CHECK_FALSE(Matches("zone-[^0-9]", "zone-1"));
  CHECK(Matches("(?:front|rear)-\\d+", "rear-3"));
  CHECK(Matches("a\\.b", "a.b"));
  CHECK_FALSE(Matches("a\\.b", "axb"));
  CHECK(Matches("[[:alpha:]]+", "abc"));
  CHECK(Matches("\\Qa.b\\E", "a.b"));
  CHECK(Matches("(?P<zone>a)", "a"));
}

TEST_CASE("Pattern: a dot is any character, also a line break and one of several bytes") {
  CHECK(Matches("a.b", "a\nb"));
  CHECK(Matches("a.b", "a\u00e4b"));
  CHECK_FALSE(Matches("a.b", "a\u00e4\u00e4b"));
  CHECK_FALSE(Matches("(?-s)a.b", "a\nb"));
  CHECK(Matches("[\u00e4-\u00fc]", "\u00f6"));
  CHECK(Matches("\\pL+", "\u00c4rger"));
}

TEST_CASE("Pattern: letters may be compared without regard to case") {
  CHECK(Matches("(?i)zone", "ZoNe"));
  CHECK(Matches("(?i)\u00e4", "\u00c4"));
  CHECK_FALSE(Matches("(?i:z)one", "ZONE"));
}

TEST_CASE("Pattern: what Prometheus refuses is refused") {
  CHECK(Refusal("(?=a)") == "can't be read: invalid perl operator: (?=");
  CHECK(Refusal("(a)\\1") == "can't be read: invalid escape sequence: \\1");
  CHECK(Refusal("(a") == "can't be read: missing ): (a");
  CHECK(Refusal("a)(b") == "can't be read: unexpected ): a)(b");
  CHECK(Refusal("a\\") == "can't be read: trailing \\");
  CHECK(Refusal("a**") == "can't be read: bad repetition operator: **");
  CHECK(Refusal("a{1001}") == "can't be read: invalid repetition size: {1001}");
  CHECK(Refusal("\\C") == "can't be read: invalid escape sequence: \\C");
  CHECK(Refusal("\\\\C") == "fine");
  CHECK(Refusal("a\xff").starts_with("can't be read: invalid UTF-8"));
}

TEST_CASE("Pattern: its length and its memory are bounded") {
  CHECK(Refusal(std::string(1'000, 'a')) == "fine");
  CHECK(Refusal(std::string(1'001, 'a')) == "is longer than 1000 characters");
  CHECK(Refusal("((a{1000}){1000}){1000}").starts_with("can't be read: "));
  CHECK(Refusal("(\\pL{300}){3}").starts_with("can't be read: pattern too large"));
}

TEST_CASE("Pattern: a label that is made to hurt does not") {
  CHECK_FALSE(Matches("(a+)+b", std::string(100'000, 'a')));
  CHECK(Matches("(.|a)*", std::string(100'000, 'a')));
  CHECK(Matches(".*", std::string(100'000, 'a')));
}

}  // namespace fleet_edge::rules
