#include "drivers/table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

/// Parses a list of drivers; what is wrong with it, a line each.
std::string Findings(std::string_view yaml, std::size_t* parsed = nullptr) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(yaml, "f.yaml", diagnostics);
  const auto specs =
      ParseDrivers(node.items, {"tanker-1"}, Section::Context{"f.yaml", diagnostics});
  if (parsed != nullptr) *parsed = specs.size();
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics) all += ToString(diagnostic) + "\n";
  return all;
}

constexpr std::string_view kGood = R"(
- name: vehicle
  mqtt:
    broker: mqtt://127.0.0.1:18830
    topics:
      - {filter: vehicles/tanker-1/engine, codec: json, time: {pointer: /ts, unit: ms}, signals: {engine_coolant_celsius: {pointer: /coolant}, vehicle_speed_kmh: {pointer: /speed, unit: m/s}, engine_rpm: {pointer: /rpm}}}
      - {filter: "vehicles/tanker-1/cargo/{zone}", codec: json, time: {pointer: /ts, unit: ms}, signals: {cargo_celsius: {pointer: /celsius}}}
      - {filter: "probes/{zone}", codec: value, signal: cargo_celsius, unit: F, stale_after: 1m}
      - {filter: tires, signals: {'tire_kpa{axle="1",side="left"}': {pointer: /1/l, unit: bar}, 'tire_kpa{axle="1",side="right"}': {pointer: /1/r, unit: bar}}}
- replay: {path: us06.csv, speed: 10, time: {column: cycSecs, unit: s}, signals: {vehicle_speed_kmh: {column: cycMps, unit: m/s}}}
)";

/// `can mqtt …`
std::string Kinds() {
  std::string names;
  for (const DriverKind& kind : DriverKinds())
    names.append(names.empty() ? "" : " ").append(kind.kind);
  return names;
}

TEST_CASE("Table: a sound list is parsed, and its drivers can be made without touching a device") {
  std::size_t parsed = 0;
  CHECK(Findings(kGood, &parsed).empty());
  CHECK(parsed == 2);
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(kGood, "f.yaml", diagnostics);
  const auto specs =
      ParseDrivers(node.items, {"tanker-1"}, Section::Context{"f.yaml", diagnostics});
  World world;
  CHECK(specs.at(0)->Make(world.environment)->name() == "vehicle");
  CHECK(specs.at(1)->Make(world.environment)->name() == "replay");
}

TEST_CASE("Table: an unknown kind is answered with the nearest, all errors come at once") {
  CHECK(
      Findings(
          "- mqt: {}\n- name: a\n- mqtt: {}\n  replay: {path: x}\n- just text\n- canbus: {}\n") ==
      "f.yaml:1:3: error: unknown kind of driver 'mqt'. Did you mean 'mqtt'?\n"
      "f.yaml:2:3: error: the driver has no kind. Add one of: " +
          Kinds() +
          "\n"
          "f.yaml:4:3: error: a driver has one kind, but this one is mqtt and replay. Make it two "
          "items of the list\n"
          "f.yaml:3:9: error: key 'topics' is missing. Add `topics: …`\n"
          "f.yaml:5:3: error: a driver is a mapping of its kind to its options. Write `- mqtt: "
          "{broker: …}`\n"
          "f.yaml:6:3: error: unknown kind of driver 'canbus'. Kinds: " +
          Kinds() + "\n");
}

TEST_CASE("Table: two drivers that give the same series are told, with what they share") {
  CHECK(Findings("- sysfs: {every: 2s, signals: {ambient_celsius: {w1: 28-1}, "
                 "'cargo_celsius{zone=\"1\"}': "
                 "{w1: 28-2}}}\n"
                 "- modbus: {address: 127.0.0.1, signals: {ambient_celsius: {register: 1}, "
                 "'cargo_celsius{zone=\"2\"}': {register: 2}}}\n"
                 "- nmea: {device: /dev/ttyS0}\n- gpsd: {}\n") ==
        "f.yaml:2:3: warning: drivers sysfs and modbus both give ambient_celsius. Leave it out of "
        "one of them, or tell them apart by a label\n"
        "f.yaml:4:3: warning: drivers nmea and gpsd both give latitude_deg, longitude_deg, "
        "altitude_m and 5 more. Leave it out of one of them, or tell them apart by a label\n");
}

TEST_CASE("Table: a label that the source gives is of another series, unless both give it") {
  CHECK(Findings("- mqtt: {topics: [{filter: 'a/{zone}', codec: value, signal: cargo_celsius}]}\n"
                 "- name: b\n  modbus: {address: 127.0.0.1, signals: {'cargo_celsius{zone=\"1\"}': "
                 "{register: 1}}}\n") == "");
  CHECK(
      Findings("- mqtt: {topics: [{filter: 'a/{zone}', codec: value, signal: cargo_celsius}]}\n"
               "- name: b\n  mqtt: {topics: [{filter: 'b/{zone}', codec: value, signal: "
               "cargo_celsius}]}\n") ==
      "f.yaml:2:3: warning: drivers mqtt and b both give cargo_celsius{zone=\"{zone}\"}. Leave it "
      "out of one of them, or tell them apart by a label\n");
}

TEST_CASE("Table: two drivers of one name are refused") {
  CHECK(Findings("- replay: {path: a}\n- replay: {path: b}\n") ==
        "f.yaml:2:3: error: two drivers are called 'replay'. Give each a `name:` of its own\n");
}

TEST_CASE("Table: mistakes in topics are told where they stand") {
  const auto of = [](std::string_view topic) {
    return Findings("- mqtt:\n    topics:\n      - " + std::string(topic) + "\n");
  };
  CHECK(of("{filter: a, signals: {vehicle_speed_kmh: {pointer: /s, unit: C}}}") ==
        "f.yaml:3:70: error: 'C' does not convert to the unit of vehicle_speed_kmh; these do: "
        "km/h, kmh, m/s, mph, knots. "
        "Take a unit that converts, or leave `unit` out\n");
  CHECK(of("{filter: a/#/b, signals: {engine_rpm: {pointer: /s}}}") ==
        "f.yaml:3:18: error: '#' must be the last level. Write for example "
        "sensors/{zone}/temperature\n");
  CHECK(of("{filter: a, signals: {engine_rpm: {pointer: rpm}}}") ==
        "f.yaml:3:30: error: 'rpm' is no JSON pointer. Begin with a slash: /field, or "
        "/group/field\n");
  CHECK(of("{filter: a, codec: xml, signals: {engine_rpm: {pointer: /s}}}") ==
        "f.yaml:3:28: error: unknown codec 'xml'. Allowed here: json senml sparkplug value\n");
  CHECK(of("{filter: a}") ==
        "f.yaml:3:9: error: no field is mapped to a signal. Write `signals: {name: {pointer: "
        "/field}}`\n");
  CHECK(of("{filter: a, codec: value}") ==
        "f.yaml:3:9: error: key 'signal' is missing: codec value needs to know what the number is. "
        "Add `signal: …`\n");
  CHECK(of("{filter: a, time: {pointer: /ts, unit: min}, signals: {engine_rpm: {pointer: /s}}}") ==
        "f.yaml:3:48: error: 'min' is no unit of time. Allowed here: s, ms, us, ns, iso8601\n");
  CHECK(of("{filter: 'a/{zone}', signals: {'cargo_celsius{zone=\"1\"}': {pointer: /s}}}") ==
        "f.yaml:3:77: error: label 'zone' is given by the topic filter and by "
        "cargo_celsius{zone=\"1\"}. "
        "Leave it out of one of them\n");
  CHECK(of("{filter: a, signal: engine_rpm, signals: {engine_rpm: {pointer: /s}}}") ==
        "f.yaml:3:29: error: codec json maps fields to signals. Write `signals: {name: {pointer: "
        "/field}}`\n");
}

TEST_CASE("Table: a topic's codec says which keys its signals have") {
  const auto of = [](std::string_view topic) {
    return Findings("- mqtt:\n    topics:\n      - " + std::string(topic) + "\n");
  };
  CHECK(of("{filter: a, codec: senml, signals: {fuel_percent: {name: '*:level'}}}").empty());
  CHECK(of("{filter: a, signals: {fuel_percent: {unit: ratio}}}") ==
        "f.yaml:3:52: error: key 'pointer' is missing. Add `pointer: …`\n");
  CHECK(of("{filter: a, codec: senml, signals: {fuel_percent: {pointer: /s}}}") ==
        "f.yaml:3:69: error: key 'name' is missing. Add `name: …`\n"
        "f.yaml:3:69: error: codec senml has no 'pointer'. Leave it out, or take the codec that "
        "has it\n");
  CHECK(of("{filter: a, codec: senml, time: {pointer: /t}, signals: {fuel_percent: {name: x}}}") ==
        "f.yaml:3:41: error: codec senml has times of its own. Leave `time` out\n");
  const std::string signals = ", codec: sparkplug, signals: {fuel_percent: {name: Fuel}}}";
  CHECK(of("{filter: 'spBv1.0/depot/+/{node}/#'" + signals).empty());
  CHECK(of("{filter: 'spBv1.0/{group}/+/truck/#'" + signals).empty());
  for (const std::string_view filter :
       {"spBv1.0/#", "spBv1.0/depot/NDATA/truck/#", "spBv1.0/depot/+/truck", "a/b/+/c/#"}) {
    CHECK(of("{filter: '" + std::string(filter) + "'" + signals) ==
          "f.yaml:3:18: error: codec sparkplug hears a node with all that it says. Write "
          "spBv1.0/GROUP/+/NODE/#; GROUP and NODE may be {labels}\n");
  }
}

TEST_CASE("Table: filters that match the same topic are refused") {
  CHECK(
      Findings("- mqtt:\n    topics:\n      - {filter: 'a/{x}', codec: value, signal: engine_rpm}\n"
               "      - {filter: a/b, codec: value, signal: engine_rpm}\n") ==
      "f.yaml:3:7: error: filters 'a/{x}' and 'a/b' match the same topics. Make one of them "
      "narrower, or put their "
      "signals under one filter\n");
}

TEST_CASE("Table: mistakes in a replay's options are found") {
  CHECK(Findings("- replay: {path: a, speed: fast, shift: later, format: xml, start: soon, "
                 "signals: {engine_rpm: {column: x, unit: C}}}") ==
        "f.yaml:1:56: error: unknown format 'xml'. Allowed here: csv nmea genivi candump asc\n"
        "f.yaml:1:68: error: 'soon' is no time. Write for example 2026-11-21T06:28:35Z\n"
        "f.yaml:1:83: error: 'C' does not convert to the unit of engine_rpm; these do: rpm, Hz. "
        "Take a unit that "
        "converts, or leave `unit` out\n"
        "f.yaml:1:28: error: 'fast' is no speed. Write a number greater than 0, or max\n"
        "f.yaml:1:41: error: unknown shift 'later'. Allowed here: now none\n");
  CHECK(Findings("- replay: {path: a, speed: max, shift: now}") ==
        "f.yaml:1:40: error: at speed max there is no pace that the times could follow. Write "
        "`shift: none`, or give a speed\n");
  CHECK(Findings("- replay: {path: a, speed: max}").empty());
}

TEST_CASE("Table: each kind has a reference, sorted by name") {
  CHECK(std::ranges::is_sorted(DriverKinds(), {}, &DriverKind::kind));
  for (const DriverKind& kind : DriverKinds()) {
    CAPTURE(kind.kind);
    const auto docs = Flatten(kind.reference());
    CHECK(docs.size() >= 3);
    for (const Section::KeyDoc& doc : docs) {
      CHECK(doc.path.starts_with("drivers[]." + std::string(kind.kind)));
      CHECK_FALSE(doc.help.empty());
    }
  }
}

}  // namespace
}  // namespace fleet_edge::drivers
