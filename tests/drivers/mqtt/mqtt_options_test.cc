#include "drivers/mqtt/mqtt_options.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"

namespace fleet_edge::drivers {
namespace {

/// What is wrong with the options, a line each.
std::string Findings(std::string_view yaml) {
  Diagnostics diagnostics;
  const Section::Context context{"f.yaml", diagnostics};
  const YamlNode node = ParseYaml(yaml, "f.yaml", diagnostics);
  MqttOptions options;
  Section::Read(node, context, options);
  std::string all;
  for (const Diagnostic& diagnostic : diagnostics) all += ToString(diagnostic) + "\n";
  return all;
}

TEST_CASE("MqttOptions: a broker's address is a scheme, a host and perhaps a port") {
  CHECK(ParseBroker("mqtt://broker.example")->port == 1883);
  CHECK(ParseBroker("mqtts://broker.example")->port == 8883);
  CHECK(ParseBroker("mqtts://broker.example")->tls);
  CHECK(ParseBroker("mqtt://127.0.0.1:18830")->port == 18830);
  CHECK(ParseBroker("mqtt://[::1]:18830")->host == "[::1]");
  CHECK(ParseBroker("mqtt://[::1]")->port == 1883);
  for (const std::string_view url : {"", "broker", "tcp://broker:1883", "mqtt://", "mqtt://:1883",
                                     "mqtt://b:0", "mqtt://b:65536", "mqtt://b:x",
                                     "mqtt://b:", "mqtt://b/path", "mqtt://u@b", "mqtt://[::1"}) {
    CAPTURE(url);
    CHECK_FALSE(ParseBroker(url));
  }
}

TEST_CASE("MqttOptions: what does not fit together is found") {
  CHECK(Findings("{broker: 'mqtts://b', username: u, password_file: p, tls: {ca: c, certificate: "
                 "d, key: e}}")
            .empty());
  CHECK(Findings("{broker: b}") ==
        "f.yaml:1:10: error: 'b' is not the address of a broker. Write mqtt://host:1883, or "
        "mqtts://host:8883 for TLS\n");
  CHECK(Findings("{tls: {ca: c}}") ==
        "f.yaml:1:7: error: certificates are given for a connection without TLS. Write mqtts:// in "
        "`broker`, or leave `tls` out\n");
  CHECK(Findings("{broker: 'mqtts://b', tls: {key: c}}") ==
        "f.yaml:1:34: error: a client's certificate needs its key, and a key its certificate. Give "
        "both `certificate` and `key`, or neither\n");
  CHECK(Findings("{password_file: p}") ==
        "f.yaml:1:17: error: a password without a username. Add `username: …`\n");
  CHECK(Findings("{keep_alive: 1ms}") ==
        "f.yaml:1:14: error: keep_alive must lie between 1s and 18h. Write for example 30s\n");
  CHECK(Findings("{reconnect: {min: 10s, max: 1s}}") ==
        "f.yaml:1:19: error: reconnect delays must be positive, and min no longer than max. Write "
        "for example {min: 250ms, max: 30s}\n");
}

}  // namespace
}  // namespace fleet_edge::drivers
