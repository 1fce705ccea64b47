#include "agent/config/config_watch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "agent/config/config_file.h"
#include "agent/text/digest.h"
#include "tests/agent/config_world.h"

namespace fleet_edge::agent {
namespace {

/// A configuration that runs.
struct World {
  ConfigWorld config;
  LoadedConfig running = config.Load(kMinimal);
  ConfigWatch watch{config.folder.Path("fleet-edge.yaml"), Sha256(running.text)};

  /// Once the files have settled.
  ConfigWatch::State Look() {
    watch.Look();
    return watch.Look();
  }
};

}  // namespace

TEST_CASE("ConfigWatch: what runs does not differ from itself") {
  World world;
  CHECK_FALSE(world.Look().differs);
  world.config.folder.Write("fleet-edge.yaml", kMinimal);
  CHECK_FALSE(world.Look().differs);
}

TEST_CASE("ConfigWatch: another text differs until it is as it was") {
  World world;
  world.config.folder.Write("fleet-edge.yaml", std::string(kMinimal) + "log: {level: debug}\n");
  CHECK(world.Look().differs);
  CHECK(world.Look().mistake.empty());
  world.config.folder.Write("fleet-edge.yaml", kMinimal);
  CHECK_FALSE(world.Look().differs);
}

TEST_CASE("ConfigWatch: a fragment that comes differs, and one that is wrong is told") {
  World world;
  const std::string fragment = world.config.folder.Write("conf.d/10.yaml", "log: {level: loud}\n");
  CHECK(world.Look().differs);
  CHECK(world.Look().mistake.find("conf.d/10.yaml:1:14: error: ") != std::string::npos);
  std::filesystem::remove(fragment);
  CHECK_FALSE(world.Look().differs);
}

TEST_CASE("ConfigWatch: a configuration that is gone would fail the next start") {
  World world;
  std::filesystem::remove(world.config.folder.Path("fleet-edge.yaml"));
  CHECK(world.Look().differs);
  CHECK_FALSE(world.Look().mistake.empty());
}

}  // namespace fleet_edge::agent
