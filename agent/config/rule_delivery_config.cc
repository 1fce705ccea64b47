#include "agent/config/rule_delivery_config.h"

#include <string>

#include "core/section.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent {

void Describe(Section& section, RuleTopicConfig& mqtt) {
  section.Key("topic", mqtt.topic,
              "Where the bundle is retained; `{vehicle}` stands for the vehicle's id.");
  Describe(section, mqtt.options);
  if (mqtt.topic.empty() || mqtt.topic.find_first_of("+#") != std::string::npos) {
    section.Fail("topic", "'" + mqtt.topic + "' is not one topic",
                 "Write a topic without `+` and `#`");
  }
}

void Describe(Section& section, RuleDeliveryConfig& delivery) {
  section.Key("mqtt", delivery.mqtt, "A broker that retains the bundle.");
  section.Key("file", delivery.file,
              "A path at which a bundle is put; write it under another name and rename it.");
}

}  // namespace fleet_edge::agent
