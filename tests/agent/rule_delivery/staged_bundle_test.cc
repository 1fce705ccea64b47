#include "agent/rule_delivery/staged_bundle.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>

#include "core/result.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

struct World {
  TempFolder folder;
  std::string kept = folder.Write("delivered-rules.yaml", "old");

  StagedBundle Stage(const std::string& text) const {
    auto staged = StagedBundle::Write(kept, text);
    REQUIRE(staged);
    return std::move(staged).value();
  }
  std::ptrdiff_t Files() const {
    return std::distance(std::filesystem::directory_iterator(folder.path()), {});
  }
};

}  // namespace

TEST_CASE("StagedBundle: it takes the place of the last one when it is kept, not before") {
  const World world;
  StagedBundle staged = world.Stage("new");
  CHECK(world.folder.Read("delivered-rules.yaml") == "old");
  CHECK(staged.Keep());
  CHECK(world.folder.Read("delivered-rules.yaml") == "new");
  CHECK(world.Files() == 1);
}

TEST_CASE("StagedBundle: one that is staged meanwhile does not get into its place") {
  const World world;
  StagedBundle accepted = world.Stage("accepted");
  {
    const StagedBundle untold = world.Stage("untold");
    CHECK(accepted.Keep());
  }
  CHECK(world.folder.Read("delivered-rules.yaml") == "accepted");
  CHECK(world.Files() == 1);
}

TEST_CASE("StagedBundle: what it is moved to owns the file") {
  const World world;
  {
    StagedBundle first = world.Stage("new");
    StagedBundle second = std::move(first);
    StagedBundle third;
    third = std::move(second);
    CHECK(world.Files() == 2);
  }
  CHECK(world.Files() == 1);
}

TEST_CASE("StagedBundle: what a power cut left goes, what others put there stays") {
  const World world;
  world.folder.Write("delivered-rules.yaml.new.a1b2c3", "left");
  world.folder.Write("delivered-rules.yaml.backup", "mine");
  StagedBundle::RemoveLeftovers(world.kept);
  CHECK(world.Files() == 2);
  CHECK(world.folder.Read("delivered-rules.yaml.backup") == "mine");
}

TEST_CASE("StagedBundle: a folder that is gone is told, and nothing is left") {
  const World world;
  const auto staged = StagedBundle::Write(world.folder.Path("gone/delivered-rules.yaml"), "new");
  REQUIRE_FALSE(staged);
  CHECK(staged.error().message.ends_with("can't be written: No such file or directory"));
  CHECK(world.Files() == 1);
}

}  // namespace fleet_edge::agent
