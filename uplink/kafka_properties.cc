#include "uplink/kafka_properties.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "uplink/kafka_producer.h"

namespace fleet_edge::uplink {

const KafkaProperties& DefaultKafkaProperties() {
  static const KafkaProperties kDefaults{
      {"client.id", "fleet-edge"},
      {"enable.idempotence", "true"},  // acks=all, order kept over retries
      {"message.timeout.ms", "0"},     // the outbox is the queue: nothing expires
      {"queue.buffering.max.messages", "2000"},
      {"queue.buffering.max.kbytes", "4096"},
      // Requests that a slow link can carry before the socket times out.
      {"batch.size", "65536"},
      {"max.in.flight.requests.per.connection", "2"},
      {"socket.timeout.ms", "60000"},
      {"socket.connection.setup.timeout.ms", "15000"},  // a dead modem
      {"socket.keepalive.enable", "true"},              // half-open links
      {"socket.nagle.disable", "true"},
      {"reconnect.backoff.ms", "500"},  // librdkafka adds jitter
      {"reconnect.backoff.max.ms", "10000"},
      {"compression.type", "zstd"},
      {"partitioner", "murmur2_random"},  // as Java's, so that topics co-partition
      {"statistics.interval.ms", "15000"},
      {"log.queue", "true"},  // log lines come by Poll(), on our thread
  };
  return kDefaults;
}

bool IsSecretProperty(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kMarks{"password", "secret", ".pem",
                                                          "oauthbearer.config"};
  return std::ranges::any_of(
      kMarks, [&](std::string_view mark) { return name.find(mark) != std::string_view::npos; });
}

std::string_view WhyRefused(std::string_view name, std::string_view value) {
  if (name == "delivery.report.only.error" && value != "false") {
    return "acknowledgements would not be seen, and the outbox never emptied";
  }
  if (name == "transactional.id") return "the outbox does not use transactions";
  if ((name == "acks" || name == "request.required.acks") && value == "0") {
    return "batches would count as delivered before the hub has them";
  }
  return {};
}

bool UsesTls(const KafkaProperties& properties) {
  const auto protocol = properties.find("security.protocol");
  if (protocol == properties.end()) return false;
  return protocol->second.ends_with("ssl") || protocol->second.ends_with("SSL");
}

void DescribeKafka(Section& section, KafkaProperties& properties) {
  YamlNode node;
  section
      .Key("kafka", node,
           "Any property of librdkafka, `bootstrap.servers` at least. Defaults suit bad links; "
           "secrets are best given as `${credential:NAME}`.")
      .Open(DefaultKafkaProperties(), IsSecretProperty);
  if (!section.reading()) return;
  if (node.kind == YamlNode::Kind::kMapping) {
    for (const auto& [key, value] : node.entries) {
      if (value.kind != YamlNode::Kind::kScalar) {
        section.context().Fail(value.position, "'" + key.text + "' needs one value",
                               "Write `" + key.text + ": value`");
      } else if (const std::string why = CheckKafkaProperty(key.text, value.text); !why.empty()) {
        section.context().Fail(key.position, why,
                               "See librdkafka's CONFIGURATION.md for names and values");
      } else {
        properties[key.text] = value.text;
      }
    }
  } else if (node.kind != YamlNode::Kind::kNull) {
    section.Fail("kafka", "expected a mapping", "Write `property: value` lines below it");
  }
  if (!properties.contains("bootstrap.servers") && !properties.contains("metadata.broker.list")) {
    section.Fail("kafka", "the hub's address is missing",
                 "Add `bootstrap.servers: host:port` below `kafka:`");
  }
}

}  // namespace fleet_edge::uplink
