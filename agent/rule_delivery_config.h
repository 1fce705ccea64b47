#pragma once

#include <optional>
#include <string>

#include "core/section.h"
#include "drivers/mqtt_options.h"

namespace fleet_edge::agent {

/// Where bundles of rules come from while the agent runs. A value.
struct RuleDeliveryConfig {
  struct Mqtt {
    drivers::MqttOptions options;
    std::string topic = "fleet/rules/{vehicle}";
  };

  std::optional<Mqtt> mqtt;
  std::string file;

  bool wanted() const { return mqtt.has_value() || !file.empty(); }
};

void Describe(Section& section, RuleDeliveryConfig::Mqtt& mqtt);
void Describe(Section& section, RuleDeliveryConfig& delivery);

}  // namespace fleet_edge::agent
