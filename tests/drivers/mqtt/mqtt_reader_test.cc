#include "drivers/mqtt/mqtt_reader.h"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/bytes.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/mqtt/mqtt_topic.h"
#include "drivers/rejections.h"
#include "tests/drivers/mutation.h"
#include "tests/drivers/world.h"
#include "tests/support/sparkplug_message.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

std::vector<MqttTopic> Topics(std::string_view yaml) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(yaml, "f.yaml", diagnostics);
  std::vector<MqttTopicOptions> options;
  Section::Read(node, Section::Context{"f.yaml", diagnostics}, options);
  REQUIRE(diagnostics.empty());
  std::vector<MqttTopic> topics;
  for (const MqttTopicOptions& option : options) topics.push_back(option.compiled.value());
  return topics;
}

constexpr std::string_view kEngine =
    "[{filter: v/engine, codec: json, time: {pointer: /ts, unit: ms}, signals: "
    "{engine_coolant_celsius: {pointer: "
    "/coolant}, vehicle_speed_kmh: {pointer: /speed, unit: m/s}}}]";
constexpr std::string_view kCargo =
    "[{filter: 'v/cargo/{zone}', codec: value, signal: cargo_celsius, unit: F, stale_after: 10s}]";

/// A reader and what is around it.
struct Bench : World {
  explicit Bench(std::string_view topics, MqttReader::Limits limits = {})
      : reader("test", Topics(topics), limits, environment) {}

  std::vector<std::string> Read(std::string_view topic, std::string_view payload,
                                bool retained = false) {
    reader.OnMessage(topic, payload, retained);
    return Shown();
  }
  std::vector<std::string> Shown() {
    std::vector<std::string> shown;
    for (const Reading& reading : Take()) shown.push_back(Show(reading));
    return shown;
  }

  MqttReader reader;
};

using Strings = std::vector<std::string>;

TEST_CASE("MqttReader: fields become readings in the catalogue's units, at their own time") {
  Bench bench(kEngine);
  bench.reader.OnMessage("v/engine", R"({"ts": 1795242515250, "coolant": 88.5, "speed": 10})",
                         false);
  const auto readings = bench.Take();
  REQUIRE(readings.size() == 2);
  CHECK(Show(readings[0]) == "engine_coolant_celsius 88.5 good");
  CHECK(Show(readings[1]) == "vehicle_speed_kmh 36 good");
  CHECK(readings[0].time == ParseUtcTime("2026-11-21T06:28:35.250Z"));
  CHECK(readings[0].driver == 7);
  CHECK(bench.counters.Get(kInputReadingsTotal, {{"driver", "test"}}).value() == 2);
}

TEST_CASE("MqttReader: levels of the topic become labels, and a value without a time is of now") {
  Bench bench(kCargo);
  bench.reader.OnMessage("v/cargo/2", " 212 \n", false);
  const auto readings = bench.Take();
  REQUIRE(readings.size() == 1);
  CHECK(Show(readings[0]) == "cargo_celsius{zone=\"2\"} 100 good");
  CHECK(readings[0].time == bench.clock.Now());
}

TEST_CASE("MqttReader: a retained message is old news") {
  Bench bench(kCargo);
  CHECK(bench.Read("v/cargo/2", "212", true) == Strings{"cargo_celsius{zone=\"2\"} 100 suspect"});
}

TEST_CASE("MqttReader: what can't be read is counted by signal and reason, the rest is read") {
  Bench bench(kEngine);
  CHECK(bench.Read("v/engine", R"({"ts": 1, "coolant": "hot", "speed": 10})") ==
        Strings{"vehicle_speed_kmh 36 good"});
  CHECK(bench.Rejected(reason::kWrongType, "engine_coolant_celsius") == 1);
  CHECK(bench.Read("v/engine", "{").empty());
  CHECK(bench.Rejected(reason::kMalformed) == 1);
  CHECK(bench.Read("v/engine", R"({"coolant": 1})").empty());
  CHECK(bench.Rejected(reason::kBadTime) == 1);
  CHECK(bench.Read("v/brakes", "{}").empty());
  CHECK(bench.Rejected(reason::kUnreadTopic) == 1);
}

TEST_CASE("MqttReader: a value that is no number is counted") {
  Bench bench(kCargo);
  for (const std::string_view payload :
       {"", "hot", "nan", "1,5", "21.5 C", "0x10", "1e999", "{}"}) {
    CHECK(bench.Read("v/cargo/1", payload).empty());
  }
  CHECK(bench.Rejected(reason::kWrongType, "cargo_celsius") == 8);
}

TEST_CASE("MqttReader: what switches publish is a number, too") {
  Bench bench(kCargo);
  for (const std::string_view payload : {"true", "on", "ON", " On\n"}) {
    CHECK(bench.Read("v/cargo/1", payload) == Strings{"cargo_celsius{zone=\"1\"} -17.222222 good"});
  }
  for (const std::string_view payload : {"false", "off", "OFF", "0", "-0", "+0"}) {
    CHECK(bench.Read("v/cargo/1", payload) == Strings{"cargo_celsius{zone=\"1\"} -17.777778 good"});
  }
  for (const std::string_view payload : {"yes", "o n", "truee", "\"on\""}) {
    CHECK(bench.Read("v/cargo/1", payload).empty());
  }
}

TEST_CASE("MqttReader: a missing field counts only when it is required") {
  Bench bench(
      "[{filter: a, signals: {engine_rpm: {pointer: /rpm, required: true}, fuel_percent: {pointer: "
      "/fuel}}}]");
  CHECK(bench.Read("a", "{}").empty());
  CHECK(bench.Rejected(reason::kMissing, "engine_rpm") == 1);
  CHECK(bench.Rejected(reason::kMissing, "fuel_percent") == 0);
}

TEST_CASE("MqttReader: payloads, topics and series are bounded, and what is beyond is counted") {
  Bench bench(kCargo, {.payload = Bytes{8}, .topics = 3});
  CHECK(bench.Read("v/cargo/1", "123456789").empty());
  CHECK(bench.Rejected(reason::kTooLarge) == 1);
  CHECK(bench.Read("v/cargo/1", "12345678").size() == 1);
  for (int zone = 2; zone < 10; ++zone) bench.Read("v/cargo/" + std::to_string(zone), "1");
  CHECK(bench.Rejected(reason::kTopicLimit) == 6);
  CHECK(bench.Read("v/cargo/3", "212").size() == 1);
}

TEST_CASE("MqttReader: a series that the registry has no room for is counted") {
  SeriesRegistry full(1);
  World world;
  const Environment environment{world.readings, full, world.counters, world.clock, 1};
  MqttReader reader("test", Topics(kCargo), {}, environment);
  reader.OnMessage("v/cargo/1", "1", false);
  reader.OnMessage("v/cargo/2", "2", false);
  CHECK(world.Take().size() == 1);
  CHECK(world.Rejected(reason::kSeriesLimit, "cargo_celsius") == 1);
}

TEST_CASE(
    "MqttReader: after a silence the last value is stale, once, until the topic speaks again") {
  Bench bench(kCargo);
  bench.Read("v/cargo/1", "212");
  bench.clock.Advance(9s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown().empty());
  bench.clock.Advance(1s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown() == Strings{"cargo_celsius{zone=\"1\"} 100 stale"});
  bench.reader.MarkSilent();
  CHECK(bench.Shown().empty());
  CHECK(bench.Read("v/cargo/1", "32") == Strings{"cargo_celsius{zone=\"1\"} 0 good"});
  bench.clock.Advance(10s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown() == Strings{"cargo_celsius{zone=\"1\"} 0 stale"});
}

TEST_CASE("MqttReader: a retained message does not break a silence") {
  Bench bench(kCargo);
  bench.Read("v/cargo/1", "212", true);
  bench.clock.Advance(20s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown().empty());
}

constexpr std::string_view kSenml =
    "[{filter: 'probes/{zone}', codec: senml, signals: {cargo_celsius: {name: '*:temp'}, "
    "battery_volts: {name: '*:supply', unit: mV}}}]";

TEST_CASE("MqttReader: SenML brings values with times and units of their own") {
  Bench bench(kSenml);
  bench.reader.OnMessage("probes/2",
                         R"([{"bn":"urn:dev:mac:0024befffe804ff1:","bt":1795242515,"n":"temp",)"
                         R"("u":"K","v":255.15},{"n":"temp","u":"Cel","v":-18.5,"t":1},)"
                         R"({"n":"supply","v":3600}])",
                         false);
  const auto readings = bench.Take();
  REQUIRE(readings.size() == 3);
  CHECK(Show(readings[0]) == "cargo_celsius{zone=\"2\"} -18 good");
  CHECK(readings[0].time == ParseUtcTime("2026-11-21T06:28:35Z"));
  CHECK(Show(readings[1]) == "cargo_celsius{zone=\"2\"} -18.5 good");
  CHECK(readings[1].time == ParseUtcTime("2026-11-21T06:28:36Z"));
  CHECK(Show(readings[2]) == "battery_volts{zone=\"2\"} 3.6 good");
  CHECK(bench.Read("probes/2", R"([{"n":"a:temp","u":"m","v":1}])").empty());
  CHECK(bench.Rejected(reason::kWrongUnit, "cargo_celsius") == 1);
  CHECK(bench.Read("probes/2", R"([{"n":"a:temp","v":4}])", true) ==
        Strings{"cargo_celsius{zone=\"2\"} 4 suspect"});
}

constexpr std::string_view kSparkplug =
    "[{filter: 'spBv1.0/depot/+/{node}/#', codec: sparkplug, stale_after: 10s, signals: "
    "{fuel_percent: {name: Fuel}, cargo_celsius: {name: Temp, device: probe}}}]";

TEST_CASE(
    "MqttReader: a Sparkplug node and its devices are one source, whose death is told at once") {
  using test::SparkplugMessage;
  Bench bench(kSparkplug);
  const auto read = [&](const std::string& topic, const SparkplugMessage& message) {
    return bench.Read("spBv1.0/depot/" + topic, message.bytes());
  };
  CHECK(read("NBIRTH/truck", SparkplugMessage(0).Real("Fuel", 1, 40)) ==
        Strings{"fuel_percent{node=\"truck\"} 40 good"});
  CHECK(read("DBIRTH/truck/probe", SparkplugMessage(1).Real("Temp", 2, -18)) ==
        Strings{"cargo_celsius{node=\"truck\"} -18 good"});
  CHECK(read("DDATA/truck/probe", SparkplugMessage(2).Real({}, 2, -17)) ==
        Strings{"cargo_celsius{node=\"truck\"} -17 good"});
  CHECK(read("DDATA/other/probe", SparkplugMessage(2).Real({}, 2, -17)).empty());
  CHECK(bench.Rejected(reason::kUnborn) == 1);
  CHECK(read("NDATA/truck", SparkplugMessage(4).Real({}, 1, 39)).size() == 1);
  CHECK(bench.Rejected(reason::kGap) == 1);
  CHECK(
      read("NDEATH/truck", SparkplugMessage()) ==
      Strings{"cargo_celsius{node=\"truck\"} -17 stale", "fuel_percent{node=\"truck\"} 39 stale"});
  CHECK(read("NDEATH/truck", SparkplugMessage()).empty());
  bench.clock.Advance(20s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown().empty());  // it is known already
  CHECK(read("NBIRTH/truck", SparkplugMessage(0).Real("Fuel", 1, 38)).size() == 1);
  bench.clock.Advance(20s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown() == Strings{"fuel_percent{node=\"truck\"} 38 stale"});
}

TEST_CASE("MqttReader: a metric's quality is what its sender says") {
  using test::SparkplugMessage;
  Bench bench(kSparkplug);
  const auto read = [&](std::uint64_t code) {
    SparkplugMessage message;
    return bench.Read("spBv1.0/depot/NDATA/truck",
                      message.Real("Fuel", {}, 40).WithQuality(code).bytes());
  };
  CHECK(read(192) == Strings{"fuel_percent{node=\"truck\"} 40 good"});
  CHECK(read(0) == Strings{"fuel_percent{node=\"truck\"} 40 suspect"});
  CHECK(read(500) == Strings{"fuel_percent{node=\"truck\"} 40 stale"});
}

TEST_CASE("MqttReader: a node's history is read, and changes nothing of what is known of now") {
  using test::SparkplugMessage;
  Bench bench(kSparkplug);
  const std::string topic = "spBv1.0/depot/NDATA/truck";
  CHECK(bench.Read(topic, SparkplugMessage(0).Real("Fuel", {}, 40).bytes()).size() == 1);
  CHECK(bench.Read(topic, SparkplugMessage(1).Real("Fuel", {}, 90).Historical().bytes()).size() ==
        1);
  bench.clock.Advance(20s);
  bench.reader.MarkSilent();
  CHECK(bench.Shown() == Strings{"fuel_percent{node=\"truck\"} 40 stale"});
}

TEST_CASE("MqttReader: messages and looks for silence may come on two threads") {
  spdlog::set_level(spdlog::level::off);
  Bench bench("[{filter: 'v/{zone}', codec: value, signal: cargo_celsius, stale_after: 1us}]");
  std::atomic<int> looks = 0;
  std::jthread driver([&](const std::stop_token& stop) {
    for (; !stop.stop_requested(); ++looks) {
      bench.clock.Advance(1us);
      bench.reader.MarkSilent();
    }
  });
  std::size_t sent = 0;
  for (; sent < 10'000 || looks < 100; ++sent) {
    bench.reader.OnMessage("v/" + std::to_string(sent % 50), std::to_string(sent), false);
  }
  driver.request_stop();
  driver.join();
  std::size_t good = 0;
  std::size_t stale = 0;
  for (const Reading& reading : bench.Take()) {
    good += reading.quality == Quality::kGood ? 1 : 0;
    stale += reading.quality == Quality::kStale ? 1 : 0;
  }
  CHECK(stale > 0);
  CHECK(bench.readings.dropped() + good + stale == bench.counters.Sum(kInputReadingsTotal));
  CHECK(bench.counters.Sum(kInputReadingsTotal) == sent + stale);
  spdlog::set_level(spdlog::level::info);
}

TEST_CASE("MqttReader: spoilt messages never crash, and every one is counted or read") {
  Bench bench(kEngine);
  const std::vector<std::string> corpus = Corpus("json");
  std::mt19937 random(1);
  for (std::size_t i = 0; i < 20'000; ++i)
    bench.reader.OnMessage("v/engine", Mutate(corpus[i % corpus.size()], random), false);
  CHECK(bench.counters.Sum(kInputRejectedTotal) > 5'000);
  CHECK(bench.counters.Sum(kInputReadingsTotal) == bench.Take().size());
}

}  // namespace
}  // namespace fleet_edge::drivers
