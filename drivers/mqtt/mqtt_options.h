#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::drivers {

/// Where a broker is: the parts of `mqtt://host[:port]` or `mqtts://host[:port]`.
struct BrokerAddress {
  bool tls = false;
  std::string host;  ///< an IPv6 address keeps its brackets
  std::uint16_t port = 0;
};

/// Nothing when `url` is not of that form.
std::optional<BrokerAddress> ParseBroker(std::string_view url);

/// How to reach an MQTT broker, as in the configuration of everything that talks MQTT. A value.
struct MqttOptions {
  struct Tls {
    std::string ca;             ///< PEM file; empty: the system's
    std::string certificate;    ///< PEM file with the client's certificate and its chain
    std::string key;            ///< PEM file
    std::string password_file;  ///< of the key
  };
  struct Reconnect {
    Duration min = std::chrono::milliseconds(250);
    Duration max = std::chrono::seconds(30);
  };

  std::string broker = "mqtt://127.0.0.1:1883";
  std::string client_id;  ///< empty: the user of the options makes one
  std::string username;
  std::string password_file;
  Duration keep_alive = std::chrono::seconds(30);
  Reconnect reconnect;
  Tls tls;

  bool passing = false;  ///< the broker forgets the session when we go; no key of a file
};

void Describe(Section& section, MqttOptions::Tls& tls);
void Describe(Section& section, MqttOptions::Reconnect& reconnect);

/// Also checks the URL's form, and that what belongs together is there together.
void Describe(Section& section, MqttOptions& options);

}  // namespace fleet_edge::drivers
