#include "agent/status/status_file.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {

TEST_CASE("StatusFile: a file is replaced as a whole, and nothing else is left behind") {
  const TempFolder folder;
  folder.Write("status.json", "old and longer");
  REQUIRE(ReplaceFile(folder.Path("status.json"), "new"));
  CHECK(folder.Read("status.json") == "new");
  CHECK(folder.Read("status.json.new") == "");
}

TEST_CASE("StatusFile: a file that can't be written is an error to try again") {
  const auto result = ReplaceFile("/nowhere/status.json", "text");
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("/nowhere/status.json") != std::string::npos);
}

}  // namespace fleet_edge::agent
