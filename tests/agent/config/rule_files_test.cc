#include "agent/config/rule_files.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/rule_text.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {

TEST_CASE("Rule files: each once, then the geofences beside them by name") {
  const TempFolder folder;
  const std::string a = folder.Write("a/a.yaml", "A");
  const std::string b = folder.Write("a/b.yaml", "B");
  const std::string c = folder.Write("[b]/c.yaml", "C");
  const std::string zone = folder.Write("a/zone.geojson", "{}");
  const std::string depot = folder.Write("a/depot.geojson", "{}");
  const std::string port = folder.Write("[b]/port.geojson", "{}");
  folder.Write("a/deeper/other.geojson", "{}");
  folder.Write("unread/other.geojson", "{}");
  const auto files =
      ReadRuleFiles({folder.Path("a/b*"), folder.Path("a/*.yaml"), folder.Path("*/c.*")});
  REQUIRE(files.has_value());
  std::vector<std::string> names;
  for (const rules::RuleText& file : *files) names.push_back(file.file);
  CHECK(names == std::vector{b, a, c, depot, zone, port});
  CHECK((*files)[1].text == "A");
}

TEST_CASE(
    "Rule files: the working folder has geofences too; a pattern without a file is an error") {
  const auto readme = ReadRuleFiles({"README.md"});
  REQUIRE(readme.has_value());
  CHECK(readme->size() == 1);
  CHECK_FALSE(ReadRuleFiles({"no-such-*.yaml"}).has_value());
}

}  // namespace fleet_edge::agent
