#include "drivers/mqtt/mqtt_client.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

#include "core/time.h"
#include "drivers/mqtt/mqtt_message.h"
#include "drivers/mqtt/paho_connection.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::chrono::milliseconds kGoodbye{500};

// Paho gives a connection 10 s and then says so; this is for the day on which it doesn't.
constexpr std::chrono::seconds kPahosPatience{30};

}  // namespace

MqttClient::MqttClient(Setup setup, Handlers handlers)
    : setup_(std::move(setup)),
      handlers_(std::move(handlers)),
      delay_(setup_.options.reconnect.min, setup_.options.reconnect.max),
      paho_(MakeConnection()) {}

MqttClient::~MqttClient() { Stop(); }

std::unique_ptr<PahoConnection> MqttClient::MakeConnection() {
  return std::make_unique<PahoConnection>(
      PahoConnection::Identity{setup_.options, setup_.client_id, setup_.log_name, setup_.will},
      MakeEvents());
}

PahoConnection::Events MqttClient::MakeEvents() {
  return {.on_up = [this](bool session_known) { NoteUp(session_known); },
          .on_down = [this](const std::string& why) { NoteDown(why); },
          .on_subscribed = [this] { NoteSubscribed(); },
          .on_room = [this] { NoteRoom(); },
          .on_message =
              [this](const MqttMessage& message) {
                if (handlers_.on_message) handlers_.on_message(message);
              }};
}

void MqttClient::Start() {
  {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void MqttClient::Stop() {
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  paho_.reset();
}

bool MqttClient::Publish(std::string topic, std::string payload, int qos, bool retained) {
  {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    if (unsent_.size() >= setup_.max_unsent) {  // full: what is newest matters most
      unsent_.pop_front();
      ++dropped_;
    }
    unsent_.push_back({std::move(topic), std::move(payload), qos, retained});
  }
  changed_.notify_all();
  return true;
}

bool MqttClient::connected() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::kUp;
}

std::uint64_t MqttClient::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::uint64_t MqttClient::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void MqttClient::NoteUp(bool session_known) {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kUp;
    session_known_ = session_known;
    has_room_ = true;
    ++connections_;
  }
  changed_.notify_all();
}

void MqttClient::NoteDown(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kDown;
    why_down_ = why;
  }
  changed_.notify_all();
}

void MqttClient::NoteSubscribed() {
  const std::lock_guard lock(mutex_);
  ++subscribed_;
}

void MqttClient::NoteRoom() {
  {
    const std::lock_guard lock(mutex_);
    has_room_ = true;
  }
  changed_.notify_all();
}

void MqttClient::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (Connect(stop)) {
      spdlog::info("{}: connected to {}", setup_.log_name, setup_.options.broker);
      failures_ = 0;
      delay_.Reset();
      Greet();
      SendUntilDown(stop);
      if (handlers_.on_lost) handlers_.on_lost();
    }
    if (stop.stop_requested()) break;
    LogDown();
    const Duration delay = delay_.Next(std::uniform_real_distribution<double>(0, 1)(random_));
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, delay, [] { return false; });
  }
  SayGoodbye();
}

bool MqttClient::Connect(const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kConnecting;
  }
  paho_->Connect();
  {
    std::unique_lock lock(mutex_);
    const bool answered =
        changed_.wait_for(lock, stop, kPahosPatience, [&] { return state_ != State::kConnecting; });
    if (answered || stop.stop_requested()) return state_ == State::kUp;
  }
  // A new one, so that what the old one may still say is of no connection that counts.
  paho_.reset();
  paho_ = MakeConnection();
  NoteDown("no answer to the wish to connect");
  return false;
}

// Subscribes at the first connection in any case, since what the broker remembers may be of an
// earlier configuration; later when it has forgotten, or has never said yes.
void MqttClient::Greet() {
  const bool subscribe = [&] {
    const std::lock_guard lock(mutex_);
    if (session_known_ && subscribed_ == setup_.subscriptions.size()) return false;
    subscribed_ = 0;
    return true;
  }();
  for (std::size_t i = 0; subscribe && i < setup_.subscriptions.size(); ++i) {
    paho_->Subscribe(setup_.subscriptions[i]);
  }
  if (handlers_.on_connected) handlers_.on_connected();
}

void MqttClient::SendUntilDown(const std::stop_token& stop) {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop,
                    [&] { return state_ != State::kUp || (!unsent_.empty() && has_room_); });
      if (state_ != State::kUp || stop.stop_requested()) return;
    }
    SendNext();
  }
}

// Hands the oldest unsent message to Paho, or leaves it where it is when there is no room.
void MqttClient::SendNext() {
  MqttPublication next;
  {
    const std::lock_guard lock(mutex_);
    if (unsent_.empty()) return;
    next = std::move(unsent_.front());
    unsent_.pop_front();
    has_room_ = false;  // until Paho takes it, or reports that an earlier one has gone
  }
  const PahoConnection::Sent sent = paho_->Publish(next);
  const std::lock_guard lock(mutex_);
  if (sent == PahoConnection::Sent::kNoRoom) {
    unsent_.push_front(std::move(next));
    return;
  }
  has_room_ = true;
  if (sent == PahoConnection::Sent::kRefused) ++dropped_;
}

void MqttClient::SayGoodbye() {
  const auto deadline = std::chrono::steady_clock::now() + kGoodbye;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      const bool ready =
          changed_.wait_until(lock, deadline, [&] { return state_ != State::kUp || has_room_; });
      if (!ready || state_ != State::kUp || unsent_.empty()) break;
    }
    SendNext();
  }
  if (!connected()) return;
  paho_->Disconnect(kGoodbye);
  NoteDown("stopped");
}

void MqttClient::LogDown() {
  const std::string why = [&] {
    const std::lock_guard lock(mutex_);
    return why_down_;
  }();
  if (failures_++ == 0) {
    spdlog::warn("{}: {}: {}; trying again until it is back", setup_.log_name,
                 setup_.options.broker, why);
  } else {
    spdlog::debug("{}: {}: {}; try {}", setup_.log_name, setup_.options.broker, why, failures_);
  }
}

}  // namespace fleet_edge::drivers
