#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "agent/pipeline/display.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent {

/// The driver's display as retained topics of a local MQTT broker. Everything that is shown is
/// published anew at each connection: a broker that was restarted may have forgotten it.
///
/// Owned by App. Put() on the pipeline's thread; Start() and Stop() on the main one.
class MqttDisplay : public Display {
 public:
  /// Connects nothing yet. Throws std::runtime_error when the options are unusable.
  MqttDisplay(const drivers::MqttOptions& options, const std::string& client_id);

  void Start() { client_.Start(); }
  void Stop() { client_.Stop(); }

  /// Any thread.
  bool connected() const { return client_.connected(); }

  bool Put(const std::string& topic, const std::string& payload) override;

 private:
  void PutAll();

  // Two threads publish, the pipeline's and, after a connection, the MQTT client's: under the mutex
  // a topic's newest text goes out last. Nobody waits for the network while holding it.
  std::mutex mutex_;
  std::map<std::string, std::string> shown_;  // by topic

  drivers::MqttClient client_;  // last: its handlers use what is above
};

}  // namespace fleet_edge::agent
