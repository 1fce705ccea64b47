#include "drivers/mqtt/paho_connection.h"

#include <MQTTAsync.h>
#include <mqtt/async_client.h>
#include <mqtt/connect_options.h>
#include <mqtt/create_options.h>
#include <mqtt/exception.h>
#include <mqtt/iaction_listener.h>
#include <mqtt/message.h>
#include <mqtt/ssl_options.h>
#include <mqtt/token.h>
#include <mqtt/will_options.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "drivers/mqtt/mqtt_message.h"
#include "drivers/mqtt/mqtt_options.h"
#include "drivers/mqtt/paho_haste.h"
#include "drivers/mqtt/paho_rest.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::chrono::seconds kConnectTimeout{10};
constexpr int kInFlight = 1000;  // publications that Paho holds at most, sent and unsent each

std::string UrlOf(const MqttOptions& options) {
  const auto address = ParseBroker(options.broker);
  if (!address) throw std::runtime_error("'" + options.broker + "' is not the address of a broker");
  return (address->tls ? "ssl://" : "tcp://") + address->host + ":" + std::to_string(address->port);
}

/// The first line of a file. Throws when it can't be read.
std::string ReadSecret(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("can't read the password in " + path);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

mqtt::ssl_options TlsOf(const MqttOptions::Tls& tls) {
  mqtt::ssl_options ssl;
  if (!tls.ca.empty()) ssl.set_trust_store(tls.ca);
  if (!tls.certificate.empty()) ssl.set_key_store(tls.certificate);
  if (!tls.key.empty()) ssl.set_private_key(tls.key);
  if (!tls.password_file.empty()) ssl.set_private_key_password(ReadSecret(tls.password_file));
  ssl.set_enable_server_cert_auth(true);
  ssl.set_verify(true);
  return ssl;
}

/// Throws when a password can't be read.
mqtt::connect_options ConnectOptionsOf(const PahoConnection::Identity& identity) {
  const MqttOptions& options = identity.options;
  mqtt::connect_options connect;
  connect.set_clean_session(options.passing);
  connect.set_automatic_reconnect(false);  // its delays have no jitter
  connect.set_connect_timeout(kConnectTimeout);
  connect.set_keep_alive_interval(
      std::chrono::duration_cast<std::chrono::seconds>(options.keep_alive));
  connect.set_max_inflight(kInFlight);
  if (!options.username.empty()) connect.set_user_name(options.username);
  if (!options.password_file.empty()) connect.set_password(ReadSecret(options.password_file));
  if (const auto& will = identity.will) {
    connect.set_will(mqtt::will_options(will->topic, will->payload, will->qos, will->retained));
  }
  if (const auto address = ParseBroker(options.broker); address && address->tls) {
    connect.set_ssl(TlsOf(options.tls));
  }
  return connect;
}

mqtt::create_options Bounded() {
  mqtt::create_options options;
  options.set_max_buffered_messages(kInFlight);
  return options;
}

/// Why a connect token failed. Precondition: it is complete.
std::string WhyFailed(const mqtt::token& token) {
  try {
    static_cast<void>(token.get_connect_response());
  } catch (const mqtt::exception& error) {
    // What is not MQTT's, Paho sums up as "MQTT error [-1]: TCP/TLS connect failure".
    if (error.get_return_code() != MQTTASYNC_FAILURE) return error.what();
    return "no connection: nothing listens there, or TLS fails";
  }
  return "code " + std::to_string(token.get_return_code());
}

/// Passes the end of one of Paho's actions on.
class Listener : public mqtt::iaction_listener {
 public:
  using Handler = std::function<void(const mqtt::token&)>;
  Listener(Handler succeeded, Handler failed)
      : succeeded_(std::move(succeeded)), failed_(std::move(failed)) {}
  void on_success(const mqtt::token& token) override {
    succeeded_(token);
  }  // NOLINT(readability-identifier-naming): Paho names it
  void on_failure(const mqtt::token& token) override {
    failed_(token);
  }  // NOLINT(readability-identifier-naming): Paho names it

 private:
  const Handler succeeded_;
  const Handler failed_;
};

}  // namespace

class PahoConnection::Impl {
 public:
  Impl(Identity identity, Events events)
      : identity_(std::move(identity)),
        events_(std::move(events)),
        client_(UrlOf(identity_.options), identity_.client_id, Bounded()) {
    // Else Paho notes each call of its functions in memory, for nobody: a fifth of its CPU time.
    MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
    client_.set_connection_lost_handler([this](const std::string& cause) {
      NoteDown(cause.empty() ? "connection lost" : "connection lost: " + cause);
    });
    client_.set_message_callback(
        [this](const mqtt::const_message_ptr& message) { Receive(*message); });
  }

  void Connect() {
    const PahoRest::Call call;
    try {
      haste_.Begin();
      client_.connect(ConnectOptionsOf(identity_), nullptr, on_connect_);
    } catch (const std::exception& error) {
      NoteDown(error.what());
    }
  }

  void Subscribe(const std::string& filter) {
    const PahoRest::Call call;
    try {
      client_.subscribe(filter, 1, nullptr, on_subscribe_);
    } catch (const mqtt::exception& error) {  // the connection has gone: on_down says so
      spdlog::debug("{}: could not subscribe to {}: {}", identity_.log_name, filter, error.what());
    }
  }

  Sent Publish(const MqttPublication& publication) {
    const PahoRest::Call call;
    try {
      client_.publish(mqtt::make_message(publication.topic, publication.payload, publication.qos,
                                         publication.retained),
                      nullptr, on_publish_);
      return Sent::kTaken;
    } catch (const mqtt::exception& error) {
      const int code = error.get_return_code();
      if (code == MQTTASYNC_MAX_BUFFERED_MESSAGES || code == MQTTASYNC_DISCONNECTED) {
        return Sent::kNoRoom;
      }
      spdlog::error("{}: a message to '{}' can't be sent: {}; it is dropped", identity_.log_name,
                    publication.topic, error.what());
      return Sent::kRefused;
    }
  }

  void Disconnect(std::chrono::milliseconds patience) {
    const PahoRest::Call call;
    try {
      client_.disconnect(patience)->wait_for(2 * patience);
    } catch (const mqtt::exception& error) {  // it has gone already
      spdlog::debug("{}: goodbye to {} failed: {}", identity_.log_name, identity_.options.broker,
                    error.what());
    }
    haste_.End();
  }

 private:
  void NoteDown(const std::string& why) {
    haste_.End();
    events_.on_down(why);
  }

  /// A subscription fails too when the connection does: nothing to tell then.
  void NoteRefused(const mqtt::token& token) {
    if (token.get_return_code() != MQTT_BAD_SUBSCRIBE) return;
    spdlog::error("{}: {} refuses a subscription; look at its access rules", identity_.log_name,
                  identity_.options.broker);
  }

  void Receive(const mqtt::message& message) noexcept {
    try {
      events_.on_message({message.get_topic(), message.get_payload(), message.is_retained()});
    } catch (const std::exception& error) {
      spdlog::error("{}: a message on {} can't be handled: {}", identity_.log_name,
                    message.get_topic(), error.what());
    }
  }

  const Identity identity_;
  const Events events_;
  PahoHaste haste_;  // while it connects and is up
  Listener on_connect_{[this](const mqtt::token& token) {
                         events_.on_up(token.get_connect_response().is_session_present());
                       },
                       [this](const mqtt::token& token) { NoteDown(WhyFailed(token)); }};
  Listener on_subscribe_{[this](const mqtt::token&) { events_.on_subscribed(); },
                         [this](const mqtt::token& token) { NoteRefused(token); }};
  Listener on_publish_{[this](const mqtt::token&) { events_.on_room(); },
                       [this](const mqtt::token&) { events_.on_room(); }};
  // Last: destroying it takes Paho's mutex, under which events run, so none outlives the rest.
  mqtt::async_client client_;
};

PahoConnection::PahoConnection(Identity identity, Events events)
    : impl_(std::make_unique<Impl>(std::move(identity), std::move(events))) {}
PahoConnection::~PahoConnection() = default;

void PahoConnection::Connect() { impl_->Connect(); }
void PahoConnection::Subscribe(const std::string& filter) { impl_->Subscribe(filter); }
PahoConnection::Sent PahoConnection::Publish(const MqttPublication& publication) {
  return impl_->Publish(publication);
}
void PahoConnection::Disconnect(std::chrono::milliseconds patience) { impl_->Disconnect(patience); }

}  // namespace fleet_edge::drivers
