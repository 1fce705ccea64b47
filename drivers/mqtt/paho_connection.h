#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "drivers/mqtt/mqtt_message.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::drivers {

/// One MQTT 3.1.1 session on Paho MQTT C++: what Paho can do, without a policy.
///
/// Owned by MqttClient; its functions are called on the client's thread. The session is persistent
/// unless the options are those of a passing guest.
class PahoConnection {
 public:
  /// Called on threads that all connections of the process share, one call at a time and under
  /// Paho's mutex: an event never waits for a thread that may be calling Paho. on_message may
  /// throw, which is logged; the others don't.
  struct Events {
    std::function<void(bool session_known)> on_up;
    std::function<void(const std::string& why)> on_down;  ///< lost, or not made
    std::function<void()> on_subscribed;                  ///< the broker has said yes to one filter
    std::function<void()> on_room;                        ///< a publication has gone
    std::function<void(const MqttMessage&)> on_message;
  };

  struct Identity {
    MqttOptions options;
    std::string client_id;
    std::string log_name;
    std::optional<MqttPublication> will;
  };

  enum class Sent {
    kTaken,
    kNoRoom,   ///< try again after on_room or on_up
    kRefused,  ///< it can never be sent (logged)
  };

  /// Precondition: the broker's address is sound.
  PahoConnection(Identity identity, Events events);

  /// No event is running or comes after it. Waits for a look-up of the broker's name that has
  /// begun.
  ~PahoConnection();

  PahoConnection(const PahoConnection&) = delete;
  PahoConnection& operator=(const PahoConnection&) = delete;

  /// Returns at once; on_up or on_down follows, or has come already. Passwords are read anew.
  void Connect();

  /// Asks for a filter with QoS 1. What is refused is logged.
  void Subscribe(const std::string& filter);

  Sent Publish(const MqttPublication& publication);

  /// Gives what Paho has taken `patience` to go, says goodbye, waits for twice that at most.
  void Disconnect(std::chrono::milliseconds patience);

 private:
  class Impl;  // keeps Paho's headers out of everybody else's
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet_edge::drivers
