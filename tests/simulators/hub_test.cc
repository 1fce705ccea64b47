#include "simulators/hub.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "simulators/hub_record.h"
#include "simulators/kafka_consumer.h"
#include "tests/simulators/producer.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kPatienceMs = 20'000;

HubRecord Record(const std::string& topic, int number) {
  return {.topic = topic, .key = "tanker-1", .value = std::to_string(number)};
}

/// The values of the next records, at most `count`; fewer when they don't come in time.
std::vector<std::string> Read(KafkaConsumer& consumer, std::size_t count) {
  std::vector<std::string> values;
  const auto deadline = steady_clock::now() + milliseconds{kPatienceMs};
  while (values.size() < count && steady_clock::now() < deadline) {
    if (const auto record = consumer.Poll(milliseconds{100})) values.push_back(record->value);
  }
  return values;
}

bool ReachesEnd(KafkaConsumer& consumer) {
  const auto deadline = steady_clock::now() + milliseconds{kPatienceMs};
  while (!consumer.at_end() && steady_clock::now() < deadline) {
    if (consumer.Poll(milliseconds{100})) return false;
  }
  return consumer.at_end();
}

TEST_CASE("Hub: a real producer's records reach a real consumer, in order") {
  const Hub hub({"a", "b"}, 3);
  CHECK(hub.address().starts_with("127.0.0.1:"));
  Producer producer(hub.address());
  for (int i = 0; i < 5; ++i) producer.Send(Record("a", i));
  REQUIRE(producer.Flush(kPatienceMs));

  KafkaConsumer consumer({.address = hub.address(), .properties = {}, .topics = {"a", "b"}});
  CHECK(Read(consumer, 5) == std::vector<std::string>{"0", "1", "2", "3", "4"});
  CHECK(ReachesEnd(consumer));
  CHECK(consumer.skipped() == 0);
}

TEST_CASE("KafkaConsumer: a topic that comes later is found") {
  const Hub hub({"a"}, 1);
  KafkaConsumer consumer({.address = hub.address(), .properties = {}, .topics = {"a", "late"}});
  Producer producer(hub.address());
  producer.Send(Record("a", 1));
  CHECK(Read(consumer, 1) == std::vector<std::string>{"1"});
  CHECK_FALSE(consumer.at_end());
  producer.Send(Record("late", 2));  // which makes it
  CHECK(Read(consumer, 1) == std::vector<std::string>{"2"});
  CHECK(ReachesEnd(consumer));
}

TEST_CASE("Hub: while it is down nothing is acknowledged, and up again all of it is") {
  Hub hub({"a"}, 1);
  Producer producer(hub.address());
  producer.Send(Record("a", 1));
  REQUIRE(producer.Flush(kPatienceMs));
  hub.SetDown(true);
  producer.Send(Record("a", 2));
  CHECK_FALSE(producer.Flush(300));
  hub.SetDown(false);
  CHECK(producer.Flush(kPatienceMs));
  KafkaConsumer consumer({.address = hub.address(), .properties = {}, .topics = {"a"}});
  CHECK(Read(consumer, 2) == std::vector<std::string>{"1", "2"});
}

}  // namespace
}  // namespace fleet_edge::simulators
