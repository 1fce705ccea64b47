#pragma once

#include <string>

#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/log_ear.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent::doctor {

/// Reaches an MQTT broker as `options` have it, under a client id of its own and with a session
/// that ends: name, port, TLS, login. The first that fails is what is told; publishes nothing.
/// `check` and `subject` are the finding's.
Finding ExamineBroker(const std::string& check, const std::string& subject,
                      const drivers::MqttOptions& options, const LogEar& ear,
                      const Deadline& deadline);

/// What a broker's no means, in Paho's words.
Finding JudgeBrokerRefusal(const std::string& check, const std::string& subject,
                           const drivers::MqttOptions& options, const std::string& why);

}  // namespace fleet_edge::agent::doctor
