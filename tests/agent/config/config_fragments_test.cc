#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/config_file.h"
#include "agent/config/config_values.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "tests/agent/config_world.h"

namespace fleet_edge::agent {
namespace {

const ValueSources kSources{
    .environment = [](const std::string& name) -> std::optional<std::string> {
      if (name == "ID") return "cab-7";
      return std::nullopt;
    },
    .credential = [](const std::string& name) -> Result<std::string> {
      if (name == "kafka") return std::string("hunter2\n");
      return Error{Error::Code::kFatal, "not there"};
    }};

}  // namespace

TEST_CASE("Config: conf.d has the last word, key by key, and its findings name its file") {
  ConfigWorld world;
  world.folder.Write("conf.d/10-lab.yaml", "vehicle: {id: lab-1}\nlog: {level: debug}\n");
  world.folder.Write("conf.d/20-typo.yaml", "outbox: {qota: 1GiB}\n");
  const LoadedConfig loaded = world.LoadWith("outbox: {durable_within: 4s}\n");
  CHECK(loaded.config.vehicle.id == "lab-1");
  CHECK(loaded.config.log.level == "debug");
  CHECK(loaded.config.outbox.limits.durable_within == std::chrono::seconds{4});
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].file == world.folder.Path("conf.d/20-typo.yaml"));
  CHECK(loaded.findings[0].position == Position{1, 10});
}

TEST_CASE("Config: a cross check points into the file that has the last word on the key") {
  ConfigWorld world;
  world.folder.Write("conf.d/10-memory.yaml", "outbox: {memory: 1GiB}\n");
  const LoadedConfig loaded = world.Load(kMinimal);
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].file == world.folder.Path("conf.d/10-memory.yaml"));
  CHECK(loaded.findings[0].position == Position{1, 18});
}

TEST_CASE("Config: a conf.d that can't be read is a mistake, not an empty one") {
  const ConfigWorld world;
  std::filesystem::create_symlink("conf.d", world.folder.Path("conf.d"));  // leads to itself
  const LoadedConfig loaded = world.Load(kMinimal);
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].file == world.folder.Path("conf.d"));
  CHECK(loaded.findings[0].what == "can't be read: Too many levels of symbolic links");
}

TEST_CASE("Config: what conf.d says takes the earlier value's place, whatever its form") {
  ConfigWorld world;
  world.folder.Write("conf.d/10-rules.yaml", "rules: all\n");
  const LoadedConfig loaded = world.LoadWith("rules: [none.yaml]\n");
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].file == world.folder.Path("conf.d/10-rules.yaml"));
  CHECK(loaded.findings[0].what == "expected a list, got a value");
}

TEST_CASE("Config: mappings of the user's own names are merged as well, lists are not") {
  ConfigWorld world;
  world.folder.Write("rules/a.yaml", "groups: []\n");
  world.folder.Write("rules/b.yaml", "groups: []\n");
  world.folder.Write("conf.d/10-north.yaml",
                     "vehicle: {labels: {cargo: lpg, fleet: north}}\nrules: [rules/b.yaml]\n");
  const LoadedConfig loaded = world.Load(
      "vehicle: {id: a, labels: {fleet: south, depot: x}}\nrules: [rules/a.yaml]\n"
      "uplink: {kafka: {bootstrap.servers: h}}\n");
  CHECK_FALSE(HasErrors(loaded.findings));
  CHECK(loaded.config.vehicle.labels ==
        std::map<std::string, std::string>{{"cargo", "lpg"}, {"depot", "x"}, {"fleet", "north"}});
  CHECK(loaded.config.rules == std::vector{world.folder.Path("rules/b.yaml")});
}

TEST_CASE(
    "Config: the hub's address may stand in a fragment, the rest of its section in the file") {
  ConfigWorld world;
  world.folder.Write("conf.d/10-hub.yaml", "uplink: {kafka: {bootstrap.servers: hub}}\n");
  const LoadedConfig loaded = world.Load("vehicle: {id: a}\nuplink: {send_every: 2s}\n");
  CHECK_FALSE(HasErrors(loaded.findings));
  CHECK(loaded.config.uplink.options.send_every == std::chrono::seconds{2});
  CHECK(loaded.config.uplink.kafka.at("bootstrap.servers") == "hub");
}

TEST_CASE("Config: values come from the environment and from credentials, keys do not") {
  ConfigWorld world;
  const std::string file = world.folder.Write("fleet-edge.yaml", R"(vehicle: {id: "${ID}"}
notify: {driver: {mqtt: {topic: "$SYS/${ID}"}}}
uplink: {kafka: {bootstrap.servers: "${HUB:-hub}:9092", sasl.password: "${credential:kafka}"}}
${ID}: 1
)");
  const LoadedConfig loaded = LoadConfig(file, Purpose::kRun, kSources);
  CHECK(Has(loaded, "4:1 unknown key '${ID}'"));
  CHECK(loaded.config.vehicle.id == "cab-7");
  CHECK(loaded.config.notify.driver.mqtt->topic == "$SYS/cab-7");
  CHECK(loaded.config.uplink.kafka.at("bootstrap.servers") == "hub:9092");
  CHECK(loaded.config.uplink.kafka.at("sasl.password") == "hunter2");
}

TEST_CASE("Config: what can't be put in is told once, at its place") {
  ConfigWorld world;
  world.folder.Write("conf.d/1.yaml", "queue:\n  readings: ${READINGS}\n");
  const LoadedConfig loaded =
      LoadConfig(world.folder.Write("fleet-edge.yaml", kMinimal), Purpose::kRun, kSources);
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].file == world.folder.Path("conf.d/1.yaml"));
  CHECK(loaded.findings[0].position == Position{2, 13});
  CHECK(loaded.findings[0].what == "the environment has no READINGS");
}

TEST_CASE("Config: who looks goes on without the service's own credentials, who runs does not") {
  const ConfigWorld world;
  const ValueSources stopped{.environment = kSources.environment,
                             .credential = [](const std::string&) -> Result<std::string> {
                               return Error{Error::Code::kRetry, "there while the service runs"};
                             }};
  const std::string file = world.folder.Write(
      "fleet-edge.yaml", std::string(kMinimal) + R"(http: {listen: "${credential:port}"}
outbox: {quota: "${credential:size}", directory: /somewhere}
)");
  const LoadedConfig seen = LoadConfig(file, Purpose::kLook, stopped);
  CHECK(Places(seen).empty());
  CHECK(seen.config.outbox.directory == "/somewhere");
  REQUIRE(seen.source.Unknown().size() == 2);
  CHECK(std::ranges::any_of(seen.notes, [&](const std::string& note) {
    return note.starts_with(file) && note.find("'port' is not known here") != std::string::npos;
  }));
  CHECK_FALSE(seen.source.Knows(seen.source.root()));
  CHECK(seen.source.Knows(*seen.source.Find({"uplink"}).node));
  CHECK(LoadConfig(file, Purpose::kRun, stopped).findings.size() == 2);
}

TEST_CASE("Config: no finding shows what came from a credential") {
  ConfigWorld world;
  const LoadedConfig loaded = LoadConfig(
      world.folder.Write("fleet-edge.yaml",
                         std::string(kMinimal) + "outbox: {quota: '${credential:kafka}'}\n"),
      Purpose::kRun, kSources);
  CHECK(Has(loaded, "'***' is not a size"));
  CHECK_FALSE(Has(loaded, "hunter2"));
}

}  // namespace fleet_edge::agent
