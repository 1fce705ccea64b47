#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {

/// The simulated vehicles' connection to their MQTT broker, on Paho MQTT C++.
///
/// It comes back by itself after a loss; what was on its way then counts as unacknowledged. Owned
/// by the run, its methods are for that thread; acknowledgements and arrivals come in on Paho's.
class MqttLink {
 public:
  struct Options {
    std::string broker;  ///< mqtt://host:port
    int qos = 1;
    std::size_t window = 1000;  ///< messages on their way at most
  };

  struct Arrival {
    std::string topic;
    std::string payload;
    UtcTime at;
  };

  /// Connects. Throws std::runtime_error when that fails within ten seconds.
  explicit MqttLink(const Options& options);

  /// Disconnects.
  ~MqttLink();

  MqttLink(const MqttLink&) = delete;
  MqttLink& operator=(const MqttLink&) = delete;

  /// Arrivals on `filter` are gathered from now on; retained messages are not: they tell of the
  /// time before. Throws std::runtime_error when the broker refuses.
  void Subscribe(const std::string& filter);

  /// Hands a message over; `number` is the caller's name for it, each used once. Waits while the
  /// window is full, a second at most. False when it was not taken, because the window stayed full
  /// or there is no connection: it will not be sent.
  bool Publish(const std::string& topic, const std::string& payload, std::uint64_t number);

  /// What has arrived since the last call.
  std::vector<Arrival> TakeArrivals();

  /// Waits until all is acknowledged, `patience` at most. The numbers that are not, in order.
  std::vector<std::uint64_t> Finish(std::chrono::milliseconds patience);

 private:
  class Impl;  // keeps Paho's headers out of everybody else's
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet_edge::simulators
