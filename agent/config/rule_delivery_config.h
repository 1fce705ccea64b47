#pragma once

#include <optional>
#include <string>

#include "core/section.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent {

/// A broker that retains a bundle of rules. A value.
struct RuleTopicConfig {
  drivers::MqttOptions options;
  std::string topic = "fleet/rules/{vehicle}";
};

/// Where bundles of rules come from while the agent runs. A value.
struct RuleDeliveryConfig {
  std::optional<RuleTopicConfig> mqtt;
  std::string file;

  bool wanted() const { return mqtt.has_value() || !file.empty(); }
};

void Describe(Section& section, RuleTopicConfig& mqtt);
void Describe(Section& section, RuleDeliveryConfig& delivery);

}  // namespace fleet_edge::agent
