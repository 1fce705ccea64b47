#include "simulators/mqtt_link.h"

#include <mqtt/async_client.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::chrono::seconds kConnectPatience{10};
constexpr std::chrono::seconds kWindowPatience{1};
// Arrivals are alerts, a few a minute; beyond this many between two looks the rest is left out.
constexpr std::size_t kMaxArrivals = 100'000;

/// Paho 1.3 knows MQTT's own scheme by another name.
std::string PahoUrl(const std::string& broker) {
  const std::string mqtt = "mqtt://";
  const std::string mqtts = "mqtts://";
  if (broker.starts_with(mqtts)) return "ssl://" + broker.substr(mqtts.size());
  if (broker.starts_with(mqtt)) return "tcp://" + broker.substr(mqtt.size());
  throw std::runtime_error("'" + broker + "' is no broker. Write mqtt://host:port");
}

/// The number rides in the pointer that Paho carries along.
// NOLINTNEXTLINE(performance-no-int-to-ptr): nobody follows it
void* Tag(std::uint64_t number) { return reinterpret_cast<void*>(number + 1); }
std::uint64_t Number(const mqtt::token& token) {
  return reinterpret_cast<std::uint64_t>(token.get_user_context()) - 1;
}

}  // namespace

class MqttLink::Impl : private mqtt::iaction_listener, private mqtt::callback {
 public:
  explicit Impl(const Options& options)
      : options_(options),
        client_(PahoUrl(options.broker), "fleet-sim-" + std::to_string(getpid()),
                // Our window is the bound; Paho's own, 100 by default, would refuse before it.
                mqtt::create_options_builder()
                    .max_buffered_messages(static_cast<int>(options.window))
                    .finalize()) {
    client_.set_callback(*this);
    const mqtt::connect_options how =
        mqtt::connect_options_builder()
            .clean_session(true)
            .max_inflight(static_cast<int>(options.window))
            .connect_timeout(kConnectPatience)
            .automatic_reconnect(std::chrono::seconds{1}, std::chrono::seconds{5})
            .finalize();
    Wait(client_.connect(how), "can't be reached");
  }

  ~Impl() override {
    try {
      if (client_.is_connected()) client_.disconnect()->wait_for(std::chrono::seconds{1});
    } catch (const mqtt::exception& error) {
      std::fprintf(stderr, "fleet-sim: %s: no clean goodbye: %s\n", options_.broker.c_str(),
                   error.what());
    }
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void Subscribe(const std::string& filter) {
    {
      const std::scoped_lock lock(mutex_);
      filters_.push_back(filter);
    }
    Wait(client_.subscribe(filter, 1), "refuses the subscription to " + filter);
  }

  bool Publish(const std::string& topic, const std::string& payload, std::uint64_t number) {
    {
      std::unique_lock lock(mutex_);
      const bool room = acknowledged_.wait_for(
          lock, kWindowPatience, [this] { return on_the_way_.size() < options_.window; });
      if (!room) return false;
      on_the_way_.insert(number);
    }
    try {
      client_.publish(mqtt::make_message(topic, payload, options_.qos, false), Tag(number), *this);
      return true;
    } catch (const mqtt::exception&) {
      // No connection. Paho brings it back; the caller counts what was not taken.
      const std::scoped_lock lock(mutex_);
      on_the_way_.erase(number);
      return false;
    }
  }

  std::vector<Arrival> TakeArrivals() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(arrivals_, {});
  }

  std::vector<std::uint64_t> Finish(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    acknowledged_.wait_for(lock, patience, [this] { return on_the_way_.empty(); });
    std::vector<std::uint64_t> left(on_the_way_.begin(), on_the_way_.end());
    left.insert(left.end(), failed_.begin(), failed_.end());
    std::ranges::sort(left);
    return left;
  }

 private:
  void Wait(const mqtt::token_ptr& token, const std::string& what) {
    const std::string where = options_.broker + " " + what;
    try {
      if (token->wait_for(kConnectPatience)) return;
    } catch (const mqtt::exception& error) {
      throw std::runtime_error(where + ": " + error.what() +
                               ". Start a broker there (mosquitto -p PORT), or name another");
    }
    throw std::runtime_error(where + ": no answer within ten seconds");
  }

  void on_success(const mqtt::token& token) override {
    const std::scoped_lock lock(mutex_);
    on_the_way_.erase(Number(token));
    acknowledged_.notify_one();
  }

  void on_failure(const mqtt::token& token) override {
    const std::scoped_lock lock(mutex_);
    if (on_the_way_.erase(Number(token)) != 0) failed_.push_back(Number(token));
    acknowledged_.notify_one();
  }

  void connected(const std::string& /*cause*/) override {
    // A new session knows no subscription. On Paho's thread: not to be waited for.
    std::unique_lock lock(mutex_);
    const std::vector<std::string> filters = filters_;
    lock.unlock();
    for (const std::string& filter : filters) client_.subscribe(filter, 1);
  }

  void connection_lost(const std::string& /*cause*/) override {
    std::fprintf(stderr, "fleet-sim: %s: connection lost, trying again\n", options_.broker.c_str());
    // The session is gone, and with it who might acknowledge.
    const std::scoped_lock lock(mutex_);
    failed_.insert(failed_.end(), on_the_way_.begin(), on_the_way_.end());
    on_the_way_.clear();
    acknowledged_.notify_one();
  }

  void message_arrived(mqtt::const_message_ptr message) override {
    const UtcTime now = SystemClock().Now();
    const std::scoped_lock lock(mutex_);
    if (message->is_retained() || arrivals_.size() >= kMaxArrivals) return;
    arrivals_.push_back(
        {.topic = message->get_topic(), .payload = message->to_string(), .at = now});
  }

  const Options options_;

  // Paho's thread reports, the run's thread asks. Guards all but options and client.
  std::mutex mutex_;
  std::vector<std::string> filters_;
  std::condition_variable acknowledged_;
  std::unordered_set<std::uint64_t> on_the_way_;
  std::vector<std::uint64_t> failed_;
  std::vector<Arrival> arrivals_;

  mqtt::async_client client_;  // last: its callbacks use what is above
};

MqttLink::MqttLink(const Options& options) : impl_(std::make_unique<Impl>(options)) {}
MqttLink::~MqttLink() = default;

void MqttLink::Subscribe(const std::string& filter) { impl_->Subscribe(filter); }

bool MqttLink::Publish(const std::string& topic, const std::string& payload, std::uint64_t number) {
  return impl_->Publish(topic, payload, number);
}

std::vector<MqttLink::Arrival> MqttLink::TakeArrivals() { return impl_->TakeArrivals(); }

std::vector<std::uint64_t> MqttLink::Finish(std::chrono::milliseconds patience) {
  return impl_->Finish(patience);
}

}  // namespace fleet_edge::simulators
