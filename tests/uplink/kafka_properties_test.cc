#include "uplink/kafka_properties.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "uplink/kafka_publisher.h"

namespace fleet_edge::uplink {
namespace {

TEST_CASE(
    "KafkaPublisher: a property that is refused is named with value and reason; a secret isn't "
    "shown") {
  const SystemClock clock;
  const auto message = [&](const KafkaProperties& properties) {
    const auto made = MakeKafkaPublisher(properties, "v", clock);
    REQUIRE_FALSE(made);
    return made.error().message;
  };
  CHECK(message({{"bootstrap.server", "x"}}) ==
        "'bootstrap.server: x' is refused: librdkafka knows no such property");
  CHECK(message({{"linger.ms", "often"}}).find("'linger.ms: often' is refused: ") !=
        std::string::npos);
  const std::string secret = message({{"sasl.oauthbearer.client.secrets", "hunter2"}});
  CHECK(secret.find("***") != std::string::npos);
  CHECK(secret.find("hunter2") == std::string::npos);
  CHECK(message({{"delivery.report.only.error", "true"}}).find("refused") != std::string::npos);
  CHECK(message({{"transactional.id", "x"}}).find("refused") != std::string::npos);
  CHECK(message({{"acks", "0"}}).find("refused") != std::string::npos);
  // Two that contradict each other are seen when the producer is made.
  CHECK_FALSE(message({{"acks", "1"}}).empty());
}

struct KafkaSection {
  KafkaProperties properties;
};
void Describe(Section& section, KafkaSection& kafka) { DescribeKafka(section, kafka.properties); }

std::vector<std::string> Findings(const std::string& text, KafkaSection& kafka) {
  Diagnostics diagnostics;
  const Section::Context context{"f.yaml", diagnostics};
  Section::Read(ParseYaml(text, "f.yaml", diagnostics), context, kafka);
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : diagnostics) found.push_back(ToString(diagnostic));
  return found;
}

TEST_CASE("KafkaProperties: each is checked in its place, and the hub's address must be there") {
  KafkaSection kafka;
  CHECK(Findings("kafka:\n  bootstrap.servers: hub:9092\n  linger.ms: 50\n", kafka).empty());
  CHECK(kafka.properties ==
        KafkaProperties{{"bootstrap.servers", "hub:9092"}, {"linger.ms", "50"}});

  KafkaSection wrong;
  const auto found = Findings("kafka:\n  linger: 50\n  acks: [1]\n", wrong);
  REQUIRE(found.size() == 3);
  CHECK(found[0].starts_with("f.yaml:2:3: error: 'linger: 50' is refused: "));
  CHECK(found[1].starts_with("f.yaml:3:9: error: 'acks' needs one value"));
  CHECK(found[2].find("bootstrap.servers") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::uplink
