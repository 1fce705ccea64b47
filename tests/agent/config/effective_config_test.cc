#include "agent/config/effective_config.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "agent/config/config_file.h"
#include "agent/config/config_values.h"
#include "agent/config/findings.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "tests/agent/command.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kFile = R"(vehicle: {id: tanker-1, labels: {fleet: north}}
drivers:
  - name: engine
    mqtt:
      topics:
        - {filter: engine, codec: json, signals: {engine_coolant_celsius: {pointer: /coolant}}}
  - gpsd: {}
uplink:
  kafka:
    bootstrap.servers: ${HUB}:9092
    ssl.key.password: written
    client.id: "${credential:kafka}"
    sasl.username: "$${x}: # y"
)";

const ValueSources kSources{
    .environment = [](const std::string& name) -> std::optional<std::string> {
      if (name == "HUB") return "hub.example";
      return std::nullopt;
    },
    .credential = [](const std::string&) -> Result<std::string> { return std::string("hunter2"); }};

struct World {
  TempFolder folder;

  LoadedConfig Load(std::string_view text) const {
    return LoadConfig(folder.Write("fleet-edge.yaml", text), Purpose::kRun, kSources);
  }
  std::string Yaml(const LoadedConfig& loaded) const {
    return EffectiveYaml(Effective(loaded), folder.path().string());
  }
};

/// The line of `text` that begins with `key`, its blanks squeezed.
std::string LineOf(std::string_view text, const std::string& key) {
  const std::size_t at = text.find(key + " ");
  if (at == std::string_view::npos) return "no " + key;
  std::string line;
  for (const char c : text.substr(at, text.find('\n', at) - at)) {
    if (c != ' ' || line.back() != ' ') line += c;
  }
  return line;
}

TEST_CASE("Effective configuration: each value says where it comes from") {
  World world;
  world.folder.Write("conf.d/10-fleet.yaml", "outbox: {quota: 1GiB}\n");
  const LoadedConfig loaded = world.Load(kFile);
  REQUIRE_FALSE(HasErrors(loaded.findings));
  const std::string yaml = world.Yaml(loaded);
  CAPTURE(yaml);
  CHECK(LineOf(yaml, "id:") == "id: tanker-1 # fleet-edge.yaml:1");
  CHECK(LineOf(yaml, "quota:") == "quota: 1GiB # conf.d/10-fleet.yaml:1");
  CHECK(LineOf(yaml, "durable_within:") == "durable_within: 2s # default");
  CHECK(LineOf(yaml, "bootstrap.servers:") ==
        "bootstrap.servers: hub.example:9092 # fleet-edge.yaml:10, environment HUB");
  CHECK(LineOf(yaml, "socket.timeout.ms:") == "socket.timeout.ms: 60000 # default");
  CHECK(LineOf(yaml, "address:") == "address: 127.0.0.1:2947 # default");
  CHECK(LineOf(yaml, "- name: engine") == "- name: engine # fleet-edge.yaml:3");
  CHECK(LineOf(yaml, "- name: gpsd") == "- name: gpsd # default");
  CHECK(LineOf(yaml, "# thin:") == "# thin: # not set");
}

TEST_CASE("Effective configuration: an id that is the machine's says so") {
  const LoadedConfig loaded = World().Load("uplink: {kafka: {bootstrap.servers: hub}}\n");
  if (HasErrors(loaded.findings)) return;  // a machine without an id
  CHECK(LineOf(EffectiveYaml(Effective(loaded), ""), "id:").ends_with(" # /etc/machine-id"));
}

TEST_CASE("Effective configuration: secrets are hidden, by their key and by their origin") {
  World world;
  const LoadedConfig loaded = world.Load(kFile);
  const EffectiveValue config = Effective(loaded);
  const std::string yaml = world.Yaml(loaded);
  const std::string json = EffectiveJson(config);
  CHECK(LineOf(yaml, "ssl.key.password:") == "ssl.key.password: \"***\" # fleet-edge.yaml:11");
  CHECK(LineOf(yaml, "client.id:") == "client.id: \"***\" # fleet-edge.yaml:12, credential kafka");
  for (const std::string& text : {yaml, json}) {
    CHECK_FALSE(Contains(text, "hunter2"));
    CHECK_FALSE(Contains(text, "written"));
  }
  CHECK(Contains(json,
                 R"({"key":["uplink","kafka","ssl.key.password"],"value":"***","secret":true,)"));
}

TEST_CASE("Effective configuration: what is shown can be read again, and then says the same") {
  World world;
  std::string text = kFile;
  text.replace(text.find("ssl.key.password"), 16, "ssl.ca.location");
  text.replace(text.find("${credential:kafka}"), 19, "a 'b' \\\" # ~");
  const LoadedConfig loaded = world.Load(text);
  REQUIRE(ListFindings(loaded.findings).empty());
  const LoadedConfig again = world.Load(world.Yaml(loaded));
  REQUIRE(ListFindings(again.findings).empty());
  CHECK(again.config.uplink.kafka.at("sasl.username") == "${x}: # y");
  CHECK(again.config.uplink.kafka.at("client.id") == loaded.config.uplink.kafka.at("client.id"));
  CHECK(again.config.vehicle.labels == loaded.config.vehicle.labels);
  CHECK(again.drivers.size() == 2);
}

TEST_CASE("Effective configuration: the command shows it, and one with errors not at all") {
  const Outcome shown = Run({"config", "show", "-c", "packaging/fleet-edge.yaml"});
  CHECK(shown.exit == 0);
  CHECK(Contains(shown.out, "#   packaging/fleet-edge.yaml\n"));
  CHECK(LineOf(shown.out, "level:") == "level: info # fleet-edge.yaml:50");
  const Outcome json = Run({"config", "show", "--json", "-c", "packaging/fleet-edge.yaml"});
  CHECK(Contains(json.out, R"({"key":["outbox","batch","encoding"],"value":"delta",)"
                           R"("secret":false,"origins":["default"]})"));
  TempFolder folder;
  const std::string broken = folder.Write("broken.yaml", "vehicle: {id: a, idd: b}\n");
  const Outcome refused = Run({"config", "show", "-c", broken});
  CHECK(refused.exit == 1);
  CHECK(refused.out.empty());
  CHECK(Contains(refused.err, "Did you mean 'id'?"));
}

}  // namespace
}  // namespace fleet_edge::agent
