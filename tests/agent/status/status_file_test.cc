#include "agent/status/status_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
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

TEST_CASE("StatusFile: others may read it, whatever the service's umask takes away") {
  const TempFolder folder;
  const mode_t before = umask(0077);
  REQUIRE(ReplaceFile(folder.Path("status.json"), "new"));
  umask(before);
  using std::filesystem::perms;
  CHECK(std::filesystem::status(folder.Path("status.json")).permissions() ==
        (perms::owner_read | perms::owner_write | perms::group_read | perms::others_read));
}

TEST_CASE("StatusFile: a file that can't be written is an error to try again") {
  const auto result = ReplaceFile("/nowhere/status.json", "text");
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("/nowhere/status.json") != std::string::npos);
}

}  // namespace fleet_edge::agent
