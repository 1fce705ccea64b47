#include "core/yaml.h"

#include <doctest/doctest.h>

#include <string>

#include "core/diagnostic.h"

namespace fleet_edge {
namespace {

TEST_CASE("Yaml: every part knows where it stands") {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml("a: 1\nb:\n  - x\n  - {c: \"2\"}\n", "t.yaml", diagnostics);
  REQUIRE(diagnostics.empty());
  REQUIRE(node.Find("b") != nullptr);
  const YamlNode& list = *node.Find("b");
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[0].position == Position{3, 5});
  const YamlNode* const quoted = list.items[1].Find("c");
  REQUIRE(quoted != nullptr);
  CHECK(quoted->text == "2");
  CHECK(quoted->quoted);
  CHECK_FALSE(node.Find("a")->quoted);
}

void CheckRefused(const std::string& text, Position position, const std::string& what) {
  CAPTURE(text);
  Diagnostics diagnostics;
  CHECK(ParseYaml(text, "t.yaml", diagnostics).kind == YamlNode::Kind::kNull);
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].position == position);
  CHECK(diagnostics[0].what.find(what) != std::string::npos);
}

TEST_CASE(
    "Yaml: bad syntax, a key that stands twice and a key that is no name are refused with their "
    "place") {
  CheckRefused("a: [1, 2\nb: 3\n", {2, 2}, "not YAML");
  CheckRefused("a: 1\na: 2\n", {2, 1}, "'a' stands twice");
  CheckRefused("? [1]\n: 2\n", {1, 3}, "not a name");
}

TEST_CASE("Yaml: what is no UTF-8 is refused with its place: it could not be sent to the hub") {
  CheckRefused("a: 1\nb: \"\xC3\xA9 105 \xB0\"\n", {2, 11}, "byte 0xb0 is no UTF-8");
  CheckRefused(std::string("\xFF\xFE\x61\0", 4), {1, 1}, "byte 0xff is no UTF-8");
}

TEST_CASE("Yaml: nesting and aliases are bounded") {
  std::string deep;
  for (int level = 0; level < 70; ++level) deep += "[";
  deep += "1";
  for (int level = 0; level < 70; ++level) deep += "]";
  Diagnostics diagnostics;
  ParseYaml(deep, "t.yaml", diagnostics);
  CHECK(diagnostics.size() == 1);

  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 9; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    const std::string name = "a" + std::to_string(level);
    bomb += name + ": &" + name + " [" + below + ", " + below + ", " + below + ", " + below + ", " +
            below + "]\n";
  }
  diagnostics.clear();
  ParseYaml(bomb, "t.yaml", diagnostics);
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].what == "too large");
}

}  // namespace
}  // namespace fleet_edge
