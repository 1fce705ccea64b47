#include "agent/init/first_config.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/init/box_scan.h"

namespace fleet_edge::agent::init {
namespace {

/// As YAML: in single quotes, so that nothing in it means anything.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

/// The second of one kind needs a name.
std::string NameLine(const std::vector<Source>& sources, std::size_t place) {
  const Source& source = sources[place];
  const auto same =
      std::count_if(sources.begin(), sources.begin() + static_cast<std::ptrdiff_t>(place),
                    [&](const Source& other) { return other.kind == source.kind; });
  if (same == 0) return "  - ";
  return "  - name: " + source.kind + std::to_string(same + 1) + "\n    ";
}

std::string DriverText(const Source& source) {
  if (source.kind == "nmea") {
    std::string text = "nmea:\n        device: " + Quoted(source.place) + "\n";
    if (source.baud > 0) text += "        baud: " + std::to_string(source.baud) + "\n";
    return text;
  }
  if (source.kind == "can") {
    return "can:  # SAE J1939; for a car's bus name a `dbc` file and its `signals`\n"
           "        interface: " +
           source.place + "\n";
  }
  if (source.kind == "gpsd") return "gpsd: {address: " + Quoted(source.place) + "}\n";
  return "mqtt:  # an example: see with `mosquitto_sub -v -t '#'` what your sensors publish\n"
         "        broker: mqtt://" +
         source.place +
         "\n"
         "        topics:\n"
         "          - filter: vehicle/engine\n"
         "            codec: json\n"
         "            signals:\n"
         "              engine_coolant_celsius: {pointer: /coolant}\n";
}

/// All probes are one driver: they share a bus.
std::string ProbesText(const std::vector<Source>& sources) {
  std::string text;
  int zone = 0;
  for (const Source& source : sources) {
    if (source.kind != "sysfs") continue;
    if (zone++ == 0) {
      text =
          "  - name: probes\n    sysfs:  # which probe is in which zone, you know: warm one\n"
          "        every: 5s\n        signals:\n";
    }
    text += "          'cargo_celsius{zone=\"" + std::to_string(zone) +
            "\"}': {w1: " + source.place + "}\n";
  }
  return text;
}

std::string DriversText(const Answers& answers) {
  std::string text;
  for (std::size_t i = 0; i < answers.sources.size(); ++i) {
    const Source& source = answers.sources[i];
    if (source.kind == "sysfs") continue;
    if (!source.why.empty()) text += "  # " + source.why + "\n";
    text += NameLine(answers.sources, i) + DriverText(source);
  }
  text += ProbesText(answers.sources);
  std::string ports;
  for (const std::string& port : answers.silent_ports) {
    ports += "  # - obd: {device: " + Quoted(port) + "}  # or modbus, or can: {slcan: …}\n";
  }
  if (!ports.empty()) {
    ports = "  # Serial ports that say nothing by themselves; what is on them, you know:\n" + ports;
  }
  if (text.empty()) {
    return "# None was found: `man fleet-edge-drivers` shows how each is connected.\ndrivers: "
           "[]\n" +
           ports;
  }
  return "drivers:\n" + text + ports;
}

}  // namespace

std::optional<Source> ParseSource(std::string_view text) {
  const auto colon = text.find(':');
  Source source{.kind = std::string(text.substr(0, colon)),
                .place = colon == std::string_view::npos ? std::string()
                                                         : std::string(text.substr(colon + 1)),
                .why = {}};
  if (source.kind == "w1") source.kind = "sysfs";
  if (source.kind == "gpsd" && source.place.empty()) source.place = "127.0.0.1:2947";
  if (source.kind == "mqtt" && source.place.empty()) source.place = "127.0.0.1:1883";
  constexpr std::array<std::string_view, 5> kKinds{"nmea", "can", "gpsd", "sysfs", "mqtt"};
  if (std::ranges::find(kKinds, source.kind) == kKinds.end() || source.place.empty()) {
    return std::nullopt;
  }
  return source;
}

std::string FirstConfig(const Answers& answers) {
  const bool has_broker = std::ranges::any_of(
      answers.sources, [](const Source& source) { return source.kind == "mqtt"; });
  std::string text =
      "# Written by `fleet-edge init`. `fleet-edge check -c FILE` says what is wrong with it,\n"
      "# `fleet-edge doctor -c FILE` tries all of it; every key: `man fleet-edge.yaml`.\n\n"
      "vehicle:\n  id: " +
      Quoted(answers.vehicle) +
      "  # key of every record on the hub\n"
      "  # labels: {fleet: north}  # added to every alert\n\n"
      "# Where readings come from. Each has one kind, and a name if there are several of it.\n" +
      DriversText(answers) +
      "\n# What is judged on the vehicle: `man fleet-edge-rules`. Relative paths count from "
      "here.\n" +
      (answers.has_rules ? "" : "# ") + "rules: [rules/*.yaml]\n\n";
  if (has_broker) {
    text +=
        "# Where the driver's display reads alerts with `notify: [driver]`.\n"
        "notify:\n  driver:\n    mqtt: {broker: mqtt://127.0.0.1:1883, topic: vehicle/alerts}\n\n";
  }
  return text +
         "# What the hub hasn't acknowledged waits here, on disk after durable_within.\n"
         "outbox:\n  directory: /var/lib/fleet-edge\n  durable_within: 10s\n  quota: 512MiB\n\n"
         "uplink:\n  send_every: 5s\n  kafka:  # any property of librdkafka\n"
         "    bootstrap.servers: " +
         Quoted(answers.hub) +
         "\n"
         "    # security.protocol: SASL_SSL\n    # sasl.mechanism: SCRAM-SHA-256\n"
         "    # sasl.username: …\n    # sasl.password: …\n";
}

}  // namespace fleet_edge::agent::init
