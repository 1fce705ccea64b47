#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "agent/doctor/trial.h"
#include "core/yaml.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_driver.h"

namespace fleet_edge::agent::doctor {

/// Listens beside an `mqtt` driver on its filters, to tell what is published there when a signal
/// doesn't come, and what else is published when nothing is.
///
/// One thread, from making to end; messages come on Paho's.
class MqttTap {
 public:
  /// `item` of the configuration's list of drivers has kind `mqtt` and no mistakes.
  explicit MqttTap(const YamlNode& item);

  /// By the signals' names: why nothing of them may have come.
  std::map<std::string, Hint> Hints();

 private:
  struct Heard {
    std::string topic;
    std::string payload;  // the beginning
  };

  void Note(const drivers::MqttMessage& message);
  /// On a connection of its own: a broker may hang up on one who asks for everything.
  void ListenToAll();
  std::string Others() const;
  Hint HintOf(const drivers::MqttTopicOptions& topic, const std::string& field);

  drivers::MqttDriverOptions options_;
  std::mutex mutex_;
  std::map<std::string, Heard> heard_;  // guarded by mutex_; by filter, as it is written
  std::set<std::string> others_;        // guarded by mutex_; topics, whatever the filters say
  // Last: their handlers use the rest.
  std::unique_ptr<drivers::MqttClient> client_;
  std::unique_ptr<drivers::MqttClient> all_;
};

}  // namespace fleet_edge::agent::doctor
