#include "agent/config/config.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "agent/config/config_file.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/labels.h"
#include "tests/agent/config_world.h"

namespace fleet_edge::agent {

TEST_CASE("Config: vehicle, one driver and bootstrap.servers are enough") {
  const LoadedConfig loaded = ConfigWorld().Load(kMinimal);
  CHECK(Places(loaded) == "");
  CHECK(loaded.config.vehicle.id == "tanker-1");
  CHECK(loaded.drivers.size() == 1);
  CHECK(loaded.notes.size() == 1);  // on durability
}

TEST_CASE(
    "Config: three mistakes are three findings, each with line and column, in the file's order") {
  const LoadedConfig loaded = ConfigWorld().LoadWith(
      "outbox: {quota: 12 parsecs}\nlog: {level: chatty}\nqueu: {readings: 5}\n");
  REQUIRE(loaded.findings.size() == 3);
  CHECK(loaded.findings[0].position == Position{8, 17});
  CHECK(loaded.findings[0].what.find("12 parsecs") != std::string::npos);
  CHECK(loaded.findings[1].position == Position{9, 14});
  CHECK(loaded.findings[1].what.find("chatty") != std::string::npos);
  CHECK(loaded.findings[2].position == Position{10, 1});
  CHECK(loaded.findings[2].mend.find("queue") != std::string::npos);
  CHECK(HasErrors(loaded.findings));
}

TEST_CASE("Config: a limit of silence names a driver that is there, by its name or its kind") {
  CHECK(Places(ConfigWorld().LoadWith("health: {silence: {mqtt: 1h}}\n")) == "");
  CHECK(Places(ConfigWorld().LoadWith("health: {silence: {mqqt: 1h, probes: 0}}\n")) ==
        "8:26 no driver has the name 'mqqt'. Did you mean 'mqtt'?\n"
        "8:38 no driver has the name 'probes'. Write a driver's name; without one it is the "
        "driver's kind\n");
}

TEST_CASE("Config: every key reaches its field") {
  ConfigWorld world;
  world.folder.Write("rules/a.yaml", "groups: []\n");
  const LoadedConfig loaded = world.LoadWith(R"(rules: [rules/*.yaml]
quality: {max_age: 1h, max_skew: 5s, signals: {vehicle_speed_kmh: {min: 0, max: 130, max_rate: 30}}}
notify: {driver: {mqtt: {broker: mqtt://127.0.0.1:1884, topic: cab/alerts, resolved_for: 5s}}}
outbox:
  directory: /srv/outbox
  durable_within: 3s
  quota: 1GiB
  memory: 8MiB
  batch: {max_age: 500ms, max_bytes: 32KiB}
queue: {readings: 100, batches: 1MiB}
status: {file: /run/fleet-edge/status.json}
log: {level: debug}
)");
  CHECK(Places(loaded) == "");
  const Config& config = loaded.config;
  CHECK(config.rules == std::vector{world.folder.Path("rules/*.yaml")});
  CHECK(config.quality.window.max_age == std::chrono::hours{1});
  CHECK(config.quality.window.max_skew == std::chrono::seconds{5});
  CHECK(config.quality.signals.at("vehicle_speed_kmh").max == 130);
  CHECK(config.quality.signals.at("vehicle_speed_kmh").max_rate == 30);
  REQUIRE(config.notify.driver.mqtt);
  CHECK(config.notify.driver.mqtt->options.broker == "mqtt://127.0.0.1:1884");
  CHECK(config.notify.driver.mqtt->topic == "cab/alerts");
  CHECK(config.notify.driver.mqtt->resolved_for == std::chrono::seconds{5});
  CHECK(config.outbox.directory == "/srv/outbox");
  CHECK(config.outbox.limits.durable_within == std::chrono::seconds{3});
  CHECK(config.outbox.limits.quota == MiB(1024));
  CHECK(config.outbox.limits.memory == MiB(8));
  CHECK(config.outbox.batch.max_age == std::chrono::milliseconds{500});
  CHECK(config.outbox.batch.max_bytes == KiB(32));
  CHECK(config.queue.readings == 100);
  CHECK(config.queue.batches == MiB(1));
  CHECK(config.status.file == "/run/fleet-edge/status.json");
  CHECK(config.log.level == "debug");
  CHECK(config.uplink.kafka.at("bootstrap.servers") == "127.0.0.1:9092");
}

TEST_CASE("Config: a file that isn't there is one finding that says so") {
  const LoadedConfig loaded = LoadConfig("/nowhere/fleet-edge.yaml");
  REQUIRE(loaded.findings.size() == 1);
  CHECK(ToString(loaded.findings[0])
            .starts_with("/nowhere/fleet-edge.yaml: error: can't be read: No such file"));
}

TEST_CASE("Config: a file that is no YAML is one finding, not one for each key that is missing") {
  const LoadedConfig loaded = ConfigWorld().Load("vehicle: {id: x\n");
  CHECK(loaded.findings.size() == 1);
}

TEST_CASE("Config: an empty file lacks what has no default") {
  const LoadedConfig loaded = ConfigWorld().Load("");
  CHECK(Has(loaded, "no hub to send to"));
  CHECK(Has(loaded, "no drivers"));
}

TEST_CASE("Config: without vehicle.id the machine's id is taken, and said") {
  const LoadedConfig loaded =
      ConfigWorld().Load("drivers: []\nuplink: {kafka: {bootstrap.servers: h}}\n");
  const bool from_machine = loaded.notes.size() == 2 && !loaded.config.vehicle.id.empty();
  const bool refused = Has(loaded, "/etc/machine-id");
  CHECK(from_machine != refused);  // by whether this machine has one
}

TEST_CASE("Config: an id that can't be a key, and a label that is none, are refused") {
  ConfigWorld world;
  CHECK(Has(world.Load("vehicle: {id: 'tanker 1/a'}\n"), "1:15 'tanker 1/a' can't name a vehicle"));
  CHECK(Has(world.Load("vehicle: {id: a, labels: {9x: y}}\n"), "'9x' is no label's name"));
}

TEST_CASE("Config: batch.max_age follows send_every and durable_within unless it is set") {
  ConfigWorld world;
  const std::string uplink = "uplink: {send_every: 5s, kafka: {bootstrap.servers: h}}\n";
  CHECK(world.Load(uplink).config.outbox.batch.max_age == std::chrono::seconds{1});
  CHECK(world.Load(uplink + "outbox: {durable_within: 20s}\n").config.outbox.batch.max_age ==
        std::chrono::seconds{5});
  CHECK(world.Load(uplink + "outbox: {batch: {max_age: 2s}}\n").config.outbox.batch.max_age ==
        std::chrono::seconds{2});
}

TEST_CASE("Config: a send_every that durable_within can't cover is a warning, no error") {
  const LoadedConfig loaded = ConfigWorld().Load(
      "vehicle: {id: a}\nuplink: {send_every: 10s, kafka: {bootstrap.servers: h}}\noutbox: "
      "{durable_within: 2s}\n");
  CHECK(Has(loaded, "3:26 a reading waits up to 10s before it is sent"));
  CHECK(Has(loaded, "every batch is written to flash first, some 9 kB each 2s, 388 MB a day"));
  CHECK(
      Has(loaded,
          "Raise durable_within to 12s or more, and a power cut takes as much; or send within 1s"));
  CHECK_FALSE(HasErrors(loaded.findings));
}

TEST_CASE("Config: a batch that is open for longer than durable_within is a warning") {
  const LoadedConfig loaded = ConfigWorld().LoadWith("outbox: {batch: {max_age: 3s}}\n");
  CHECK(Has(loaded, "a reading waits up to 3s in an open batch, durable_within is 2s"));
  CHECK_FALSE(HasErrors(loaded.findings));
  CHECK(loaded.notes.back().find("at most the last 3s") != std::string::npos);
}

TEST_CASE("Config: a note says on which side of durability and flash it is") {
  const auto note = [](const std::string& keys) {
    const LoadedConfig loaded =
        ConfigWorld().Load("vehicle: {id: a}\nuplink: {kafka: {bootstrap.servers: h}" + keys);
    REQUIRE_FALSE(loaded.notes.empty());
    return loaded.notes.back();
  };
  CHECK(note("}\n").find("while the hub answers within 800ms nothing but alerts is written") !=
        std::string::npos);
  CHECK(note(", send_every: 10s}\noutbox: {durable_within: 12s}\n").find("answers within 800ms") !=
        std::string::npos);
  CHECK(note(", send_every: 10s}\n").find("every batch is written to flash before") !=
        std::string::npos);
}

TEST_CASE("Config: outbox.memory must be below its quota, and hold a batch") {
  ConfigWorld world;
  CHECK(Has(world.LoadWith("outbox: {memory: 1GiB, quota: 1GiB}\n"),
            "8:18 memory (1GiB) is not less than quota"));
  CHECK(Has(world.LoadWith("outbox: {batch: {max_bytes: 300KiB}}\n"),
            "a batch of 300KiB is more than a sixteenth of outbox.memory (4MiB)"));
  CHECK_FALSE(HasErrors(world.LoadWith("outbox: {batch: {max_bytes: 256KiB}}\n").findings));
}

TEST_CASE("Config: a rules pattern that matches nothing is found where it stands") {
  ConfigWorld world;
  world.folder.Write("rules/a.yaml", "groups: []\n");
  const LoadedConfig loaded = world.LoadWith("rules:\n  - rules/*.yaml\n  - rulez/*.yaml\n");
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].position == Position{10, 5});
  CHECK(loaded.findings[0].what.find("rulez/*.yaml") != std::string::npos);
}

TEST_CASE(
    "Config: limits on what no signal is called are found, and so are those that nothing meets") {
  const LoadedConfig loaded = ConfigWorld().LoadWith(
      "quality: {signals: {vehicle_sped_kmh: {max: 1}, 'cargo_celsius{zone=\"1\"}': {max: 1}, "
      "fuel_percent: {min: 5, max: 5}, battery_volts: {max_rate: 0}}}\n");
  REQUIRE(loaded.findings.size() == 4);
  CHECK(loaded.findings[0].mend == "Did you mean 'vehicle_speed_kmh'?");
  CHECK(loaded.findings[1].what.find("no signal's name") != std::string::npos);
  CHECK(loaded.findings[2].what == "min is not below max");
  CHECK(loaded.findings[3].what.find("refuses every change") != std::string::npos);
}

TEST_CASE("Config: two MQTT clients with one id on one broker are refused") {
  const LoadedConfig loaded = ConfigWorld().Load(R"(vehicle: {id: a}
drivers:
  - name: one
    mqtt: {client_id: x, topics: [{filter: a, codec: json, signals: {engine_rpm: {pointer: /a}}}]}
  - name: two
    mqtt: {client_id: x, topics: [{filter: b, codec: json, signals: {fuel_percent: {pointer: /a}}}]}
notify: {driver: {mqtt: {client_id: x, broker: mqtt://other:1883}}}
uplink: {kafka: {bootstrap.servers: h}}
rule_delivery: {mqtt: {client_id: x, broker: mqtt://other:1883}}
)");
  CHECK(Has(loaded, "6:23 client_id 'x' is already used in line 4"));
  CHECK(Has(loaded, "9:35 client_id 'x' is already used in line 7"));
  CHECK(loaded.findings.size() == 2);
}

TEST_CASE("Config: two drivers of one name are refused") {
  const LoadedConfig loaded = ConfigWorld().Load(R"(vehicle: {id: a}
drivers:
  - mqtt: {topics: [{filter: a, codec: json, signals: {engine_rpm: {pointer: /a}}}]}
  - mqtt: {topics: [{filter: b, codec: json, signals: {engine_rpm: {pointer: /a}}}]}
uplink: {kafka: {bootstrap.servers: h}}
)");
  CHECK(Has(loaded, "called 'mqtt'"));
}

TEST_CASE("Config: a property that librdkafka doesn't know is refused") {
  CHECK(HasErrors(
      ConfigWorld()
          .Load("vehicle: {id: a}\nuplink: {kafka: {bootstrap.servers: h, bootstrap.severs: x}}\n")
          .findings));
}

TEST_CASE("Config: the vehicle's id and labels are labels of every alert") {
  const LoadedConfig loaded = ConfigWorld().Load("vehicle: {id: cab-7, labels: {fleet: north}}\n");
  CHECK(VehicleLabels(loaded.config) == Labels{{"fleet", "north"}, {"vehicle", "cab-7"}});
}

}  // namespace fleet_edge::agent
