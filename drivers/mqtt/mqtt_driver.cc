#include "drivers/mqtt/mqtt_driver.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/counters.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_options.h"
#include "drivers/mqtt/mqtt_reader.h"
#include "drivers/mqtt/mqtt_topic.h"
#include "drivers/mqtt/paho_rest.h"
#include "drivers/read_options.h"
#include "drivers/signal_target.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

/// Two filters that match the same topic: brokers may then deliver a message once or twice.
void RefuseOverlaps(Section& section, const std::vector<MqttTopicOptions>& topics) {
  for (std::size_t i = 0; i < topics.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto& one = topics[j];
      const auto& other = topics[i];
      if (!one.compiled || !other.compiled) continue;
      if (!one.compiled->filter.Overlaps(other.compiled->filter)) continue;
      section.Fail("topics",
                   "filters '" + one.filter + "' and '" + other.filter + "' match the same topics",
                   "Make one of them narrower, or put their signals under one filter");
    }
  }
}

std::vector<MqttTopic> Compiled(const std::vector<MqttTopicOptions>& options) {
  std::vector<MqttTopic> topics;
  topics.reserve(options.size());
  for (const MqttTopicOptions& topic : options) {
    if (topic.compiled) topics.push_back(*topic.compiled);
  }
  return topics;
}

MqttClient::Setup SetupOf(const std::string& name, const MqttDriverOptions& options) {
  MqttClient::Setup setup{.options = options.connection,
                          .client_id = options.connection.client_id,
                          .log_name = "driver " + name,
                          .subscriptions = {}};
  for (const MqttTopic& topic : Compiled(options.topics)) {
    setup.subscriptions.push_back(topic.filter.subscription());
  }
  return setup;
}

/// A tenth of the shortest silence, so that it is noticed soon after; at least every 10 s.
std::optional<Duration> LookEvery(const std::vector<MqttTopicOptions>& topics) {
  std::optional<Duration> shortest;
  for (const MqttTopicOptions& topic : topics) {
    if (topic.stale_after)
      shortest = std::min(shortest.value_or(*topic.stale_after), *topic.stale_after);
  }
  if (!shortest) return std::nullopt;
  return std::clamp<Duration>(*shortest / 10, std::chrono::milliseconds(10),
                              std::chrono::seconds(10));
}

/// Whether no reading has the time of its arrival, which a rest would make later.
bool AllTellTheirTime(const std::vector<MqttTopicOptions>& topics) {
  return std::ranges::none_of(topics, [](const auto& topic) { return topic.time.pointer.empty(); });
}

class MqttDriverSpec : public DriverSpec {
 public:
  MqttDriverSpec(std::string name, MqttDriverOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override {
    std::vector<std::string> names;
    for (const MqttTopicOptions& topic : options_.topics) {
      if (!topic.compiled) continue;
      for (SignalTarget target : topic.compiled->targets) {
        for (const std::string& label : topic.compiled->filter.label_names()) {
          if (!label.empty()) target.labels.Set(label, "{" + label + "}");
        }
        names.push_back(SeriesText(target));
      }
    }
    return names;
  }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    return std::make_unique<MqttDriver>(name_, options_, environment);
  }

 private:
  const std::string name_;
  const MqttDriverOptions options_;
};

}  // namespace

void Describe(Section& section, MqttDriverOptions& options) {
  Describe(section, options.connection);
  section.Key("max_payload", options.max_payload, "A longer message is refused and counted.");
  section.Require("topics", options.topics,
                  "What to read: a list of filters, each with its codec and signals.");
  if (section.reading()) RefuseOverlaps(section, options.topics);
}

std::unique_ptr<DriverSpec> ParseMqttDriver(const std::string& name, const YamlNode& options,
                                            const DriverDefaults& defaults,
                                            const Section::Context& context) {
  auto read = ReadOptions<MqttDriverOptions>(options, context);
  if (!read) return nullptr;
  if (read->topics.empty()) {
    context.Fail(options.position, "no topic to read", "Add `topics: [{filter: …, signals: {…}}]`");
    return nullptr;
  }
  if (read->connection.client_id.empty()) {
    read->connection.client_id = "fleet-edge-" + defaults.vehicle_id + "-" + name;
  }
  if (defaults.passing) {
    // A broker throws the first of two clients with one id out: that would be the agent.
    read->connection.client_id += "-passing";
    read->connection.passing = true;
  }
  return std::make_unique<MqttDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> MqttDriverReference() {
  return Section::Reference<MqttDriverOptions>("drivers[].mqtt");
}

MqttDriver::MqttDriver(const std::string& name, const MqttDriverOptions& options,
                       const Environment& environment)
    : name_(name),
      look_every_(LookEvery(options.topics)),
      may_rest_(AllTellTheirTime(options.topics)),
      clock_(environment.clock),
      made_(environment.counters.Get(kSourceConnectionsTotal, {{"driver", name}})),
      lost_(environment.counters.Get(kSourceLossesTotal, {{"driver", name}})),
      reader_(name, Compiled(options.topics), {.payload = options.max_payload}, environment),
      client_(SetupOf(name, options),
              {.on_message = [this](const MqttClient::Message& message) { Take(message); },
               .on_connected = [this] { made_.Add(); },
               .on_lost = [this] { lost_.Add(); }}) {}

void MqttDriver::Take(const MqttClient::Message& message) {
  reader_.OnMessage(message.topic, message.payload, message.retained);
  if (may_rest_) PahoRest::For(pace_.RestAfterMessage(clock_.Boot()));
}

void MqttDriver::Run(std::stop_token stop) {
  client_.Start();
  std::mutex mutex;  // of the wait alone: nothing is shared
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (!look_every_) {
      never.wait(lock, stop, [] { return false; });
    } else if (never.wait_for(lock, stop, *look_every_, [] { return false; });
               !stop.stop_requested()) {
      reader_.MarkSilent();
    }
  }
  client_.Stop();
}

}  // namespace fleet_edge::drivers
