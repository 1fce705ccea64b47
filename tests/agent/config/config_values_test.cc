#include "agent/config/config_values.h"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace fleet_edge::agent {
namespace {

using Texts = std::vector<std::string>;

const ValueSources kSources{
    .environment = [](const std::string& name) -> std::optional<std::string> {
      static const std::map<std::string, std::string> kSet{
          {"HUB", "hub.example"}, {"EMPTY", ""}, {"SELF", "${HUB}"}};
      const auto found = kSet.find(name);
      return found == kSet.end() ? std::nullopt : std::optional(found->second);
    },
    .credential = [](const std::string& name) -> Result<std::string> {
      if (name == "mqtt") return std::string("hunter2\n");
      if (name == "key.pem") return std::string("a\nb\n\n");
      if (name == "binary") return std::string("a\0b", 3);
      return Error{Error::Code::kFatal, "not there"};
    }};

struct Expanded {
  ExpandedValue value;
  std::vector<ExpansionError> errors;
};

Expanded Expand(std::string_view text) {
  Expanded expanded;
  expanded.value = ExpandValue(text, kSources, expanded.errors);
  return expanded;
}

std::string TextOf(std::string_view text) {
  const Expanded expanded = Expand(text);
  CHECK(expanded.errors.empty());
  return expanded.value.text;
}

std::string ErrorOf(std::string_view text) {
  const Expanded expanded = Expand(text);
  REQUIRE(expanded.errors.size() == 1);
  CHECK_FALSE(expanded.errors.front().mend.empty());
  return expanded.errors.front().what;
}

TEST_CASE("Config values: variables and credentials are put in where they stand") {
  CHECK(TextOf("") == "");
  CHECK(TextOf("plain") == "plain");
  CHECK(TextOf("${HUB}") == "hub.example");
  CHECK(TextOf("a${HUB}b${HUB}c") == "ahub.examplebhub.examplec");
  CHECK(TextOf("${credential:mqtt}") == "hunter2");
  CHECK(TextOf("<${credential:key.pem}>") == "<a\nb\n>");
}

TEST_CASE("Config values: a default stands in for a variable that is not set, or empty") {
  CHECK(TextOf("${NOWHERE:-x:9092}") == "x:9092");
  CHECK(TextOf("${EMPTY:-x}") == "x");
  CHECK(TextOf("${NOWHERE:-}") == "");
  CHECK(TextOf("${HUB:-x}") == "hub.example");
  CHECK(TextOf("<${EMPTY}>") == "<>");
}

TEST_CASE("Config values: a dollar without a brace is a dollar") {
  CHECK(TextOf("$SYS/broker/uptime") == "$SYS/broker/uptime");
  CHECK(TextOf("$") == "$");
  CHECK(TextOf("a$$b$") == "a$$b$");
  CHECK(TextOf("$${HUB}") == "${HUB}");
  CHECK(TextOf("$$${HUB}") == "$${HUB}");
}

TEST_CASE("Config values: what was put in is not looked at again") {
  CHECK(TextOf("${SELF}") == "${HUB}");
}

TEST_CASE("Config values: each tells its origin, and which parts are secret") {
  const ExpandedValue value = Expand("${HUB}/${NOWHERE:-x}/${credential:mqtt}").value;
  CHECK(value.origins == Texts{"environment HUB", "default of NOWHERE", "credential mqtt"});
  CHECK(value.secrets == Texts{"hunter2"});
  CHECK(Expand("$${HUB}").value.origins.empty());
}

TEST_CASE("Config values: what can't be put in says why, all in one go") {
  CHECK(ErrorOf("${NOWHERE}") == "the environment has no NOWHERE");
  CHECK(ErrorOf("${HUB") == "a ${ without its }");
  CHECK(ErrorOf("${}") == "'${}' names nothing");
  CHECK(ErrorOf("${9A}") == "'${9A}' names nothing");
  CHECK(ErrorOf("${A B}") == "'${A B}' names nothing");
  CHECK(ErrorOf("${credential:none}") == "no credential 'none': not there");
  CHECK(ErrorOf("${credential:../shadow}") == "'../shadow' can't name a credential");
  CHECK(ErrorOf("${credential:}") == "'' can't name a credential");
  CHECK(ErrorOf("${credential:binary}") == "the credential 'binary' is no text: it holds a NUL");
  CHECK(Expand("${A}${B}").errors.size() == 2);
}

}  // namespace
}  // namespace fleet_edge::agent
