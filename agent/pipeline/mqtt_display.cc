#include "agent/pipeline/mqtt_display.h"

#include <mutex>
#include <string>

#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent {
namespace {

constexpr int kAtLeastOnce = 1;
constexpr bool kRetained = true;

drivers::MqttClient::Setup MakeSetup(const drivers::MqttOptions& options,
                                     const std::string& client_id) {
  drivers::MqttClient::Setup setup;
  setup.options = options;
  setup.client_id = client_id;
  setup.log_name = "driver's display";
  return setup;
}

}  // namespace

MqttDisplay::MqttDisplay(const drivers::MqttOptions& options, const std::string& client_id)
    : client_(MakeSetup(options, client_id),
              {.on_message = nullptr, .on_connected = [this] { PutAll(); }}) {}

bool MqttDisplay::Put(const std::string& topic, const std::string& payload) {
  const std::lock_guard lock(mutex_);
  if (payload.empty()) {
    shown_.erase(topic);
  } else {
    shown_[topic] = payload;
  }
  return client_.Publish(topic, payload, kAtLeastOnce, kRetained);
}

void MqttDisplay::PutAll() {
  const std::lock_guard lock(mutex_);
  for (const auto& [topic, payload] : shown_) {
    client_.Publish(topic, payload, kAtLeastOnce, kRetained);
  }
}

}  // namespace fleet_edge::agent
