#include "agent/config/file_watch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

/// Looks until the files have settled; how often a change was told of. A look takes no time here.
int ChangesTold(FileWatch& watch) {
  int told = 0;
  for (int look = 0; look < 5; ++look) told += watch.Changed() ? 1 : 0;
  return told;
}

}  // namespace

TEST_CASE("Rule watch: what is there at first is told once, and each change once") {
  const TempFolder folder;
  const std::string rules = folder.Write("a.yaml", "groups: []\n");
  FileWatch watch({folder.Path("*.yaml")});
  CHECK(ChangesTold(watch) == 1);
  CHECK(ChangesTold(watch) == 0);
  folder.Write("a.yaml", "groups:   []\n");
  CHECK(ChangesTold(watch) == 1);
  folder.Write("b.yaml", "groups: []\n");
  CHECK(ChangesTold(watch) == 1);
  std::filesystem::remove(rules);
  CHECK(ChangesTold(watch) == 1);
  folder.Write("zones.geojson", "{}");
  CHECK(ChangesTold(watch) == 1);
  folder.Write("unrelated.txt", "");
  CHECK(ChangesTold(watch) == 0);
}

TEST_CASE("Rule watch: a file put in another's place is a change, whatever its time and size") {
  const TempFolder folder;
  const std::string rules = folder.Write("a.yaml", "one");
  FileWatch watch({rules});
  CHECK(ChangesTold(watch) == 1);
  const std::string other = folder.Write("a.new", "two");
  std::filesystem::last_write_time(other, std::filesystem::last_write_time(rules));
  std::filesystem::rename(other, rules);
  CHECK(ChangesTold(watch) == 1);
}

TEST_CASE("Rule watch: while files go on changing nothing is told") {
  const TempFolder folder;
  FileWatch watch({folder.Path("*.yaml")});
  std::string text;
  for (int step = 0; step < 5; ++step) {
    text += "# more\n";
    folder.Write("a.yaml", text);
    CHECK_FALSE(watch.Changed());
  }
  CHECK(watch.Changed());
}

TEST_CASE("Rule watch: what is skipped is not told") {
  const TempFolder folder;
  FileWatch watch({folder.Write("a.yaml", "one")});
  watch.Skip();
  CHECK(ChangesTold(watch) == 0);
  folder.Write("a.yaml", "three");
  watch.Skip();
  CHECK(ChangesTold(watch) == 0);
}

}  // namespace fleet_edge::agent
