#include "drivers/mqtt/mqtt_options.h"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::drivers {

std::optional<BrokerAddress> ParseBroker(std::string_view url) {
  constexpr std::string_view kPlain = "mqtt://";
  constexpr std::string_view kTls = "mqtts://";
  BrokerAddress address;
  if (url.starts_with(kTls)) {
    address.tls = true;
    url.remove_prefix(kTls.size());
  } else if (url.starts_with(kPlain)) {
    url.remove_prefix(kPlain.size());
  } else {
    return std::nullopt;
  }
  address.port = address.tls ? 8883 : 1883;

  const std::size_t bracket = url.starts_with('[') ? url.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = url.find(':', bracket);
  address.host = url.substr(0, colon);
  if (address.host.empty() || address.host.find_first_of("/@ ") != std::string::npos) {
    return std::nullopt;
  }
  if (colon == std::string_view::npos) return address;
  const std::string_view port = url.substr(colon + 1);
  const char* const end = port.data() + port.size();
  const auto [at, error] = std::from_chars(port.data(), end, address.port);
  if (error != std::errc{} || at != end || address.port == 0) return std::nullopt;
  return address;
}

void Describe(Section& section, MqttOptions::Tls& tls) {
  section.Key(
      "ca", tls.ca,
      "PEM file of the authorities that sign the broker's certificate; default: the system's.");
  section.Key("certificate", tls.certificate,
              "PEM file of this client's certificate and its chain.");
  section.Key("key", tls.key, "PEM file of the certificate's key.");
  section.Key("password_file", tls.password_file,
              "File with the key's password on its first line.");
  if (tls.certificate.empty() != tls.key.empty()) {
    section.Fail(tls.key.empty() ? "certificate" : "key",
                 "a client's certificate needs its key, and a key its certificate",
                 "Give both `certificate` and `key`, or neither");
  }
}

void Describe(Section& section, MqttOptions::Reconnect& reconnect) {
  section.Key("min", reconnect.min,
              "Wait before the first new try; it doubles with each, with jitter.");
  section.Key("max", reconnect.max, "… up to this.");
  if (reconnect.min <= Duration::zero() || reconnect.max < reconnect.min) {
    section.Fail("min", "reconnect delays must be positive, and min no longer than max",
                 "Write for example {min: 250ms, max: 30s}");
  }
}

void Describe(Section& section, MqttOptions& options) {
  section.Key("broker", options.broker, "mqtt://host:port, or mqtts://host:port for TLS.");
  section.Key("client_id", options.client_id,
              "Name under which the broker keeps the session; one per connection. Default: "
              "fleet-edge-VEHICLE-NAME.");
  section.Key("username", options.username, "For brokers that ask for one.");
  section.Key("password_file", options.password_file, "File with the password on its first line.");
  section.Key("keep_alive", options.keep_alive,
              "A connection silent for one and a half times this long is given up.");
  section.Key("reconnect", options.reconnect, "How to come back after a loss.");
  section.Key("tls", options.tls, "Certificates of an mqtts:// connection.");

  const auto address = ParseBroker(options.broker);
  if (!address) {
    section.Fail("broker", "'" + options.broker + "' is not the address of a broker",
                 "Write mqtt://host:1883, or mqtts://host:8883 for TLS");
  } else if (!address->tls && !(options.tls.ca + options.tls.certificate).empty()) {
    section.Fail("tls", "certificates are given for a connection without TLS",
                 "Write mqtts:// in `broker`, or leave `tls` out");
  }
  if (options.username.empty() && !options.password_file.empty()) {
    section.Fail("password_file", "a password without a username", "Add `username: …`");
  }
  if (options.keep_alive < std::chrono::seconds(1) ||
      options.keep_alive > std::chrono::seconds(65'535)) {
    section.Fail("keep_alive", "keep_alive must lie between 1s and 18h", "Write for example 30s");
  }
}

}  // namespace fleet_edge::drivers
