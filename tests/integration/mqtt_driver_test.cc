#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_options.h"
#include "drivers/table.h"
#include "tests/support/mosquitto.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;
using test::Mosquitto;

constexpr std::string_view kTopics =
    "topics: [{filter: 'cargo/{zone}', codec: value, signal: cargo_celsius}], reconnect: {min: "
    "10ms, max: 100ms}";

/// The agent's surroundings, with the machine's clock.
struct World {
  explicit World(std::size_t capacity = 10'000)
      : readings(capacity, WhenFull::kDropOldestAndCount) {}

  SystemClock clock;
  SeriesRegistry series;
  Counters counters;
  BoundedQueue<Reading> readings;
  Environment environment{readings, series, counters, clock, 1};

  /// Readings as they come, at least `count`, for half a minute at most.
  std::vector<Reading> Await(std::size_t count) {
    const BootTime deadline = clock.Boot() + 30s;
    std::vector<Reading> taken;
    while (taken.size() < count && clock.Boot() < deadline)
      readings.PopAll(taken, deadline, clock, {});
    return taken;
  }
};

/// A driver on its thread, from construction to destruction.
class Running {
 public:
  Running(World& world, const std::string& broker, const std::string& more = {}) {
    Diagnostics diagnostics;
    const std::string yaml = "{name: test, mqtt: {broker: '" + broker + "', " +
                             std::string(kTopics) + (more.empty() ? "" : ", " + more) + "}}";
    const YamlNode node = ParseYaml(yaml, "f.yaml", diagnostics);
    const auto spec = ParseDriver(node, {"tanker-1"}, Section::Context{"f.yaml", diagnostics});
    for (const Diagnostic& diagnostic : diagnostics) FAIL(ToString(diagnostic));
    driver_ = spec->Make(world.environment);
    thread_ = std::jthread([this](std::stop_token stop) { driver_->Run(std::move(stop)); });
  }

 private:
  std::unique_ptr<Driver> driver_;
  std::jthread thread_;
};

MqttClient::Setup SetupFor(const std::string& broker, std::size_t max_unsent) {
  MqttClient::Setup setup;
  setup.options.broker = broker;
  setup.options.reconnect = {10ms, 100ms};
  setup.client_id = "publisher";
  setup.log_name = "publisher";
  setup.max_unsent = max_unsent;
  return setup;
}

/// A client that only publishes, and can be waited for.
class Publisher {
 public:
  explicit Publisher(const std::string& broker, std::size_t max_unsent = 1'000'000)
      : client_(SetupFor(broker, max_unsent),
                {.on_message = {}, .on_connected = [this] { Connected(); }}) {
    client_.Start();
  }

  void operator()(const std::string& topic, const std::string& payload, bool retained = false,
                  int qos = 1) {
    REQUIRE(client_.Publish(topic, payload, qos, retained));
  }

  bool AwaitConnection(int nth) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [&] { return connections_ >= nth; });
  }

  MqttClient& client() { return client_; }

 private:
  void Connected() {
    const std::lock_guard lock(mutex_);
    ++connections_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int connections_ = 0;  // guarded by mutex_
  MqttClient client_;    // last: its handler uses what is above
};

std::string Show(const Reading& reading) {
  return ToString(*reading.series) + " " + std::to_string(static_cast<int>(reading.value)) + " " +
         std::string(ToString(reading.quality));
}

TEST_CASE("Mqtt: readings arrive from a real broker, and what it had retained is suspect") {
  Mosquitto mosquitto;
  mosquitto.Start();
  Publisher publish(mosquitto.url());
  publish("cargo/1", "41", true);
  REQUIRE(mosquitto.AwaitLog("Sending PUBACK to publisher"));

  World world;
  const Running driver(world, mosquitto.url());
  auto readings = world.Await(1);
  REQUIRE(readings.size() == 1);
  CHECK(Show(readings[0]) == "cargo_celsius{zone=\"1\"} 41 suspect");
  publish("cargo/2", "42");
  readings = world.Await(1);
  REQUIRE(readings.size() == 1);
  CHECK(Show(readings[0]) == "cargo_celsius{zone=\"2\"} 42 good");
}

TEST_CASE(
    "Mqtt: the driver comes back when the broker does, and misses nothing that was published "
    "meanwhile") {
  Mosquitto mosquitto;
  mosquitto.Start();
  World world;
  std::optional<Running> driver(std::in_place, world, mosquitto.url());
  REQUIRE(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
  Publisher publish(mosquitto.url());
  publish("cargo/1", "1");
  CHECK(world.Await(1).size() == 1);
  // What the broker has no acknowledgement of, it sends again when it is back.
  REQUIRE(mosquitto.AwaitLog("Received PUBACK from fleet-edge-tanker-1-test"));

  mosquitto.Stop();
  publish("cargo/1", "2");  // waits in the publisher
  mosquitto.Start();
  auto readings = world.Await(1);
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].value == 2);

  driver.reset();  // the broker keeps its session
  publish("cargo/1", "3");
  publish("cargo/1", "4");
  driver.emplace(world, mosquitto.url());
  readings = world.Await(2);
  REQUIRE(readings.size() == 2);
  CHECK(Show(readings[0]) == "cargo_celsius{zone=\"1\"} 3 good");
  CHECK(readings[1].value == 4);
}

TEST_CASE("Mqtt: a broker that has forgotten the session is asked again") {
  Mosquitto mosquitto;
  mosquitto.Start();
  World world;
  const Running driver(world, mosquitto.url());
  REQUIRE(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
  mosquitto.Stop();
  std::filesystem::remove(mosquitto.directory() / "mosquitto.db");
  mosquitto.Start();
  REQUIRE(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
  Publisher publish(mosquitto.url());
  publish("cargo/1", "1");
  CHECK(world.Await(1).size() == 1);
}

TEST_CASE("Mqtt: the driver waits for a broker that comes up after it") {
  Mosquitto mosquitto;
  mosquitto.Start();
  mosquitto.Stop();
  World world;
  const Running driver(world, mosquitto.url());
  Publisher publish(mosquitto.url());
  mosquitto.Start();
  REQUIRE(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
  publish("cargo/1", "1");
  CHECK(world.Await(1).size() == 1);
}

TEST_CASE("Mqtt: a flood fills the queue to its bound; what gives way is counted") {
  constexpr std::size_t kMessages = 100'000;
  constexpr std::size_t kCapacity = 1'000;
  Mosquitto mosquitto("max_queued_messages 0\nmax_inflight_messages 0\nlog_type error\n");
  mosquitto.Start();
  World world(kCapacity);
  const Running driver(world, mosquitto.url());
  REQUIRE(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
  Publisher publish(mosquitto.url());
  for (std::size_t i = 0; i < kMessages; ++i) publish("cargo/1", std::to_string(i), false, 0);

  const Counter& accepted = world.counters.Get(kInputReadingsTotal, {{"driver", "test"}});
  const BootTime deadline = world.clock.Boot() + 60s;
  std::vector<Reading> taken;
  while (accepted.value() < kMessages && world.clock.Boot() < deadline) {
    if (taken.size() < 10)
      world.readings.PopAll(taken, deadline, world.clock, {});  // then the pipeline hangs
    std::this_thread::yield();
  }
  REQUIRE(accepted.value() == kMessages);
  CHECK(world.readings.size() == kCapacity);
  CHECK(taken.size() + world.readings.dropped() + kCapacity == kMessages);
  world.readings.PopAll(taken, deadline, world.clock, {});
  CHECK(taken.back().value == kMessages - 1);
}

TEST_CASE("Mqtt: unsent publications are bounded, the newest stay") {
  Mosquitto mosquitto;
  mosquitto.Start();
  World world;
  const Running driver(world, mosquitto.url());
  REQUIRE(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
  Publisher publish(mosquitto.url(), /*max_unsent=*/3);
  REQUIRE(publish.AwaitConnection(1));
  mosquitto.Stop();
  while (publish.client().connected()) std::this_thread::yield();
  for (int i = 0; i < 10; ++i) publish("cargo/1", std::to_string(i));
  CHECK(publish.client().dropped() == 7);
  mosquitto.Start();
  const auto readings = world.Await(3);
  REQUIRE(readings.size() == 3);
  CHECK(readings[0].value == 7);
  CHECK(readings[2].value == 9);
}

TEST_CASE("Mqtt: a stopped client takes nothing more, and stops within a second or so") {
  Mosquitto mosquitto;
  mosquitto.Start();
  Publisher publish(mosquitto.url());
  REQUIRE(publish.AwaitConnection(1));
  const auto before = std::chrono::steady_clock::now();
  publish.client().Stop();
  CHECK(std::chrono::steady_clock::now() - before < 5s);
  CHECK_FALSE(publish.client().Publish("cargo/1", "1", 1, false));
  CHECK(mosquitto.AwaitLog("Received DISCONNECT from publisher"));
}

TEST_CASE("Mqtt: a name and a password from a file are told to the broker") {
  Mosquitto mosquitto("allow_anonymous false\npassword_file {dir}/users\n");
  const std::string dir = mosquitto.directory();
  REQUIRE(std::system(("mosquitto_passwd -b -c " + dir + "/users truck secret").c_str()) == 0);
  std::ofstream(dir + "/password") << "secret\n";
  std::ofstream(dir + "/wrong") << "guess\n";
  mosquitto.Start();
  {
    World world;
    const Running driver(world, mosquitto.url(),
                         "username: truck, password_file: " + dir + "/wrong");
    CHECK(mosquitto.AwaitLog("disconnected, not authorised"));
  }
  World world;
  const Running driver(world, mosquitto.url(),
                       "username: truck, password_file: " + dir + "/password");
  CHECK(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
}

/// Makes a certificate authority `name` and a key and certificate for 127.0.0.1 that it has signed.
void MakeCertificates(const std::string& dir, const std::string& name) {
  const std::string base = dir + "/" + name;
  const auto run = [](const std::string& command) {
    REQUIRE(std::system((command + " 2>/dev/null").c_str()) == 0);
  };
  run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
      name + " -keyout " + base + "-ca.key -out " + base + "-ca.pem");
  run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 "
      "-keyout " +
      base + ".key -out " + base + ".csr");
  std::ofstream(base + ".ext") << "subjectAltName=IP:127.0.0.1\n";
  run("openssl x509 -req -days 2 -in " + base + ".csr -CA " + base + "-ca.pem -CAkey " + base +
      "-ca.key -CAcreateserial -extfile " + base + ".ext -out " + base + ".pem");
}

TEST_CASE("Mqtt: TLS with certificates on both sides; a broker that is not known is refused") {
  Mosquitto mosquitto(
      "listener {port} 127.0.0.1\ncafile {dir}/own-ca.pem\ncertfile {dir}/own.pem\nkeyfile "
      "{dir}/own.key\n"
      "require_certificate true\n");
  const std::string dir = mosquitto.directory();
  MakeCertificates(dir, "own");
  MakeCertificates(dir, "other");
  mosquitto.Start();
  const std::string url = "mqtts://127.0.0.1:" + std::to_string(mosquitto.port());
  const std::string client = "certificate: " + dir + "/own.pem, key: " + dir + "/own.key";
  {
    World world;
    const Running driver(world, url, "tls: {ca: " + dir + "/other-ca.pem, " + client + "}");
    CHECK(mosquitto.AwaitLog("alert unknown ca"));
  }
  World world;
  const Running driver(world, url, "tls: {ca: " + dir + "/own-ca.pem, " + client + "}");
  CHECK(mosquitto.AwaitLog("Sending SUBACK to fleet-edge-tanker-1-test"));
}

}  // namespace
}  // namespace fleet_edge::drivers
