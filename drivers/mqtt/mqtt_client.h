#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "drivers/io/reconnect_delay.h"
#include "drivers/mqtt/mqtt_message.h"
#include "drivers/mqtt/mqtt_options.h"
#include "drivers/mqtt/paho_connection.h"

namespace fleet_edge::drivers {

/// A connection to an MQTT 3.1.1 broker that comes back by itself. Its session is persistent: what
/// is published with QoS 1 while it is away waits at the broker.
///
/// From Start() to Stop() a thread of its own connects, subscribes, sends what Publish() was given,
/// and connects again with growing, random delays after each loss. Publish(), connected(),
/// connections() and dropped() may be called on any thread, all else on the owner's.
class MqttClient {
 public:
  using Message = MqttMessage;
  using Will = MqttPublication;  ///< what the broker publishes when the connection breaks

  struct Handlers {
    /// Called on Paho's thread, which all clients of the process share, one call at a time: quick,
    /// never waiting for a thread that calls Paho, and resting by PahoRest alone, which gives way
    /// to such a thread. What it throws is logged and goes no further.
    std::function<void(const Message&)> on_message;
    /// Called on the client's own thread after each connection is made and its subscriptions are
    /// asked for.
    std::function<void()> on_connected;
    /// Called on the client's own thread after each connection that was made is gone.
    std::function<void()> on_lost = nullptr;
  };

  struct Setup {
    MqttOptions options;
    std::string client_id;                   ///< stable: the broker keeps the session under it
    std::string log_name;                    ///< who this is, in logs: `driver probes`
    std::vector<std::string> subscriptions;  ///< MQTT filters, with QoS 1
    std::optional<Will> will = std::nullopt;
    std::size_t max_unsent = 1000;  ///< messages kept while there is no connection
  };

  /// Connects nothing yet. Precondition: the options have passed Describe() without a finding.
  MqttClient(Setup setup, Handlers handlers);

  /// As Stop().
  ~MqttClient();

  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  /// Returns at once, connected or not. Call it once.
  void Start();

  /// Says goodbye to the broker, giving what is unsent half a second, and returns when no handler
  /// runs or will run. It waits for a look-up of the broker's name that has begun.
  void Stop();

  /// Hands a message over; waits for nothing. While there is no connection the newest `max_unsent`
  /// messages are kept, the oldest giving way, and sent when it is back. qos is 0 or 1.
  /// False when it was not taken: not started, or stopped.
  bool Publish(std::string topic, std::string payload, int qos, bool retained);

  bool connected() const;

  /// How often a connection was made.
  std::uint64_t connections() const;

  /// How many unsent messages gave way or could never be sent.
  std::uint64_t dropped() const;

 private:
  enum class State { kDown, kConnecting, kUp };

  std::unique_ptr<PahoConnection> MakeConnection();
  PahoConnection::Events MakeEvents();
  void NoteUp(bool session_known);
  void NoteDown(const std::string& why);
  void NoteSubscribed();
  void NoteRoom();

  void Run(const std::stop_token& stop);
  bool Connect(const std::stop_token& stop);
  void Greet();
  void SendUntilDown(const std::stop_token& stop);
  void SendNext();
  void SayGoodbye();
  void LogDown();

  const Setup setup_;
  const Handlers handlers_;

  // Never held over a call of Paho: its events take it under Paho's own mutex.
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Guarded by mutex_: shared by the thread, Paho's events and whoever publishes.
  bool open_ = false;
  State state_ = State::kDown;
  std::string why_down_;
  bool session_known_ = false;
  std::size_t subscribed_ = 0;  // filters that the broker has said yes to
  bool has_room_ = true;
  std::deque<MqttPublication> unsent_;
  std::uint64_t connections_ = 0;
  std::uint64_t dropped_ = 0;

  // The thread's own.
  ReconnectDelay delay_;
  std::minstd_rand random_{std::random_device{}()};
  std::uint64_t failures_ = 0;

  std::unique_ptr<PahoConnection> paho_;
  std::jthread thread_;
};

}  // namespace fleet_edge::drivers
