#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/rule_delivery_config.h"
#include "agent/http/http_server.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/pipeline/thinning.h"
#include "agent/service/log.h"
#include "core/bytes.h"
#include "core/labels.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/mqtt/mqtt_options.h"
#include "uplink/batcher.h"
#include "uplink/kafka_properties.h"
#include "uplink/outbox.h"
#include "uplink/uplink.h"

namespace fleet_edge::agent {

struct VehicleConfig {
  std::string id;  ///< empty until LoadConfig() has filled the default in
  std::map<std::string, std::string> labels;
};

struct QueueConfig {
  std::size_t readings = 16'384;
  Bytes batches = MiB(4);
};

struct DisplayConfig {
  drivers::MqttOptions options;
  std::string topic = "vehicle/alerts";
  Duration resolved_for = std::chrono::seconds{30};
};

struct DriverNotifyConfig {
  std::optional<DisplayConfig> mqtt;
};

struct NotifyConfig {
  DriverNotifyConfig driver;
};

struct OutboxConfig {
  std::string directory = "/var/lib/fleet-edge";
  uplink::Outbox::Limits limits;
  uplink::Batcher::Options batch;
};

struct UplinkConfig {
  uplink::Uplink::Options options;
  Thinning::Options thin;
  bool cloud_events = false;  ///< records carry the headers of CloudEvents
  uplink::KafkaProperties kafka;
};

struct HealthConfig {
  std::map<std::string, Duration> silence;  ///< by driver's name; 0: it may be silent for ever
};

struct StatusConfig {
  std::string file;
};

/// All that a configuration file says, defaults filled in. A value.
struct Config {
  VehicleConfig vehicle;
  QueueConfig queue;
  std::vector<YamlNode> drivers;
  std::vector<std::string> rules;  ///< globs; relative ones count from the configuration's folder
  RuleDeliveryConfig rule_delivery;
  QualityGate::Options quality;
  NotifyConfig notify;
  OutboxConfig outbox;
  UplinkConfig uplink;
  HealthConfig health;
  StatusConfig status;
  HttpConfig http;
  LogOptions log;
};

/// Labels of every alert: the configured ones, and `vehicle`.
Labels VehicleLabels(const Config& config);

void Describe(Section& section, VehicleConfig& vehicle);
void Describe(Section& section, QueueConfig& queue);
void Describe(Section& section, DisplayConfig& display);
void Describe(Section& section, DriverNotifyConfig& driver);
void Describe(Section& section, NotifyConfig& notify);
void Describe(Section& section, OutboxConfig& outbox);
void Describe(Section& section, UplinkConfig& uplink);
void Describe(Section& section, HealthConfig& health);
void Describe(Section& section, StatusConfig& status);
void Describe(Section& section, Config& config);

}  // namespace fleet_edge::agent
