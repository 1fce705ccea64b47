#include "agent/config/config.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "core/section.h"
#include "drivers/mqtt/mqtt_options.h"
#include "uplink/kafka_properties.h"
#include "uplink/outbox.h"
#include "uplink/uplink.h"

namespace fleet_edge::agent {
namespace {

constexpr std::size_t kMaxIdLength = 64;

/// An id becomes a Kafka key, part of MQTT client ids and a label's value.
bool IsVehicleId(std::string_view id) {
  return id.size() <= kMaxIdLength && std::ranges::all_of(id, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.' || c == ':';
         });
}

void RefuseZero(Section& section, std::string_view key, bool zero) {
  if (zero) section.Fail(key, "must be more than 0", "Leave the key out for the default");
}

}  // namespace

Labels VehicleLabels(const Config& config) {
  Labels labels{{"vehicle", config.vehicle.id}};
  for (const auto& [name, value] : config.vehicle.labels) labels.Set(name, value);
  return labels;
}

void Describe(Section& section, VehicleConfig& vehicle) {
  section.Key("id", vehicle.id,
              "Names the vehicle: the key of all its records. Default: the machine's id "
              "(/etc/machine-id).");
  section.Key("labels", vehicle.labels, "Added to every alert: `{fleet: north, cargo: lpg}`.");
  if (!IsVehicleId(vehicle.id)) {
    section.Fail("id", "'" + vehicle.id + "' can't name a vehicle",
                 "Use at most 64 letters, digits, `-`, `_`, `.` and `:`");
  }
  for (const auto& [name, value] : vehicle.labels) {
    if (IsLabelName(name)) continue;
    section.Fail("labels", "'" + name + "' is no label's name",
                 "Use letters, digits and `_`, no digit first");
  }
}

void Describe(Section& section, QueueConfig& queue) {
  section.Key("readings", queue.readings,
              "Readings that wait between drivers and pipeline. Beyond it the oldest is dropped "
              "and counted.");
  section.Key("batches", queue.batches,
              "Sealed batches that wait for the outbox while the disk is slow. Beyond it the "
              "oldest telemetry batch "
              "is dropped, counted and reported as a gap.");
  RefuseZero(section, "readings", queue.readings == 0);
}

void Describe(Section& section, DisplayConfig& display) {
  section.Key(
      "topic", display.topic,
      "Alerts are retained below it, as `<topic>/<alert name>`; the values of an alert's own "
      "labels (a zone) follow as further levels.");
  section.Key("resolved_for", display.resolved_for,
              "How long a resolved alert stays on the display.");
  Describe(section, display.options);
  if (display.topic.empty() || display.topic.find_first_of("+#") != std::string::npos) {
    section.Fail("topic", "'" + display.topic + "' can't be published to",
                 "Write a topic without `+` and `#`");
  }
}

void Describe(Section& section, DriverNotifyConfig& driver) {
  section.Key("mqtt", driver.mqtt, "A local MQTT broker that the driver's display reads.");
}

void Describe(Section& section, NotifyConfig& notify) {
  section.Key("driver", notify.driver, "Where alerts with `notify: [driver]` are shown.");
}

void Describe(Section& section, OutboxConfig& outbox) {
  section.Key("directory", outbox.directory, "Where the outbox keeps its database.");
  Describe(section, outbox.limits);
  section.Key("batch", outbox.batch, "When a batch of readings is sealed.");
  if (outbox.directory.empty()) section.Fail("directory", "is empty", "Write a folder's path");
}

void Describe(Section& section, UplinkConfig& uplink) {
  Describe(section, uplink.options);
  section.Key("thin", uplink.thin,
              "Signal → how seldom it is sent, where fewer readings will do than rules see: "
              "`vehicle_speed_kmh: {every: 10s, dead_band: 1}`. What is left out is counted.");
  section.Key("cloud_events", uplink.cloud_events,
              "Each record carries the headers of a CloudEvent (binary mode), some 190 bytes "
              "before compression.");
  uplink::DescribeKafka(section, uplink.kafka);
}

void Describe(Section& section, HealthConfig& health) {
  section.Key(
      "silence", health.silence,
      "Driver's name → how long it may read nothing before that is a problem; 0: for ever. "
      "Default: by its kind, can 30s, obd 1m, modbus and sysfs 5m, gpsd, mqtt and nmea "
      "10m; can, gpsd, nmea and obd count only while the vehicle is awake, and so does mqtt "
      "unless it stands here.");
}

void Describe(Section& section, StatusConfig& status) {
  section.Key("file", status.file,
              "A JSON snapshot of the agent's counters, replaced every second. Put it on a tmpfs "
              "(/run): it is "
              "written all the time. Default: none.");
}

void Describe(Section& section, Config& config) {
  section.Key("vehicle", config.vehicle, "Whose readings these are.");
  section.Key("drivers", config.drivers,
              "Where readings come from: a list, each item a name and one kind.");
  section.Key(
      "rules", config.rules,
      "Rule files: paths with `*` and `?`; relative ones count from this file's folder. The "
      "geofences that rules name come from all `*.geojson` files in the same folders.");
  section.Key(
      "rule_delivery", config.rule_delivery,
      "Where bundles of rules come from while the agent runs (rule-delivery.md of the guide). They "
      "join those of `rules`.");
  section.Key("quality", config.quality, "Which readings are believed.");
  section.Key("notify", config.notify, "Who is told of alerts on the vehicle.");
  section.Key("outbox", config.outbox, "What keeps readings until the hub has them.");
  section.Key("uplink", config.uplink, "How readings and alerts reach the hub.");
  section.Key("queue", config.queue, "Bounds inside the agent.");
  section.Key("health", config.health, "When something is wrong.");
  section.Key("status", config.status, "What the agent tells of itself on this machine.");
  section.Key("http", config.http, "Where Prometheus and a browser look at the agent; read-only.");
  section.Key("log", config.log, "What is logged, on stderr.");
}

}  // namespace fleet_edge::agent
