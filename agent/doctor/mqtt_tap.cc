#include "agent/doctor/mqtt_tap.h"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "agent/doctor/trial.h"
#include "agent/text/wording.h"
#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_driver.h"
#include "drivers/mqtt/mqtt_message.h"
#include "drivers/mqtt/mqtt_topic.h"

namespace fleet_edge::agent::doctor {
namespace {

constexpr std::size_t kShown = 160;    // bytes of a payload
constexpr std::size_t kMaxOthers = 5;  // topics; the first that come

std::string SignalOf(const std::string& series) { return series.substr(0, series.find('{')); }

/// What can be shown of a payload; a binary one is only told of.
std::string Excerpt(const std::string& payload) {
  const bool is_text = std::ranges::none_of(payload, [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t';
  });
  return is_text ? payload : std::to_string(payload.size()) + " bytes that are no text";
}

}  // namespace

MqttTap::MqttTap(const YamlNode& item) {
  Diagnostics known;  // a configuration with mistakes comes no further than its check
  if (const YamlNode* const mqtt = item.Find("mqtt")) {
    Section::Read(*mqtt, {"", known}, options_);
  }
  drivers::MqttClient::Setup setup{
      .options = options_.connection,
      .client_id = "fleet-edge-doctor-tap-" + std::to_string(::getpid()),
      .log_name = "doctor tap",
      .subscriptions = {}};
  setup.options.passing = true;
  for (const auto& topic : options_.topics) {
    if (topic.compiled) setup.subscriptions.push_back(topic.compiled->filter.subscription());
  }
  client_ = std::make_unique<drivers::MqttClient>(
      std::move(setup),
      drivers::MqttClient::Handlers{.on_message = [this](const auto& message) { Note(message); },
                                    .on_connected = {}});
  client_->Start();
  ListenToAll();
}

void MqttTap::ListenToAll() {
  drivers::MqttClient::Setup setup{
      .options = options_.connection,
      .client_id = "fleet-edge-doctor-all-" + std::to_string(::getpid()),
      .log_name = "doctor tap of all",
      .subscriptions = {"#"}};
  setup.options.passing = true;
  all_ = std::make_unique<drivers::MqttClient>(
      std::move(setup),
      drivers::MqttClient::Handlers{.on_message =
                                        [this](const auto& message) {
                                          const std::lock_guard lock(mutex_);
                                          if (others_.size() == kMaxOthers) return;
                                          others_.insert(Printable(message.topic));
                                        },
                                    .on_connected = {}});
  all_->Start();
}

void MqttTap::Note(const drivers::MqttMessage& message) {
  for (const auto& topic : options_.topics) {
    if (!topic.compiled || !topic.compiled->filter.Matches(message.topic)) continue;
    const std::lock_guard lock(mutex_);
    heard_.try_emplace(topic.filter, Heard{std::string(message.topic),
                                           std::string(message.payload.substr(0, kShown))});
    return;
  }
}

std::map<std::string, Hint> MqttTap::Hints() {
  client_->Stop();
  all_->Stop();
  std::map<std::string, Hint> hints;
  for (const auto& topic : options_.topics) {
    for (const auto& [series, signal] : topic.signals) {
      const std::string field = signal.pointer.value_or(signal.name);
      hints[SignalOf(series)] = HintOf(topic, field);
    }
    if (!topic.signal.empty()) hints[SignalOf(topic.signal)] = HintOf(topic, "");
  }
  return hints;
}

std::string MqttTap::Others() const {
  std::string text;
  for (const std::string& topic : others_) text += (text.empty() ? "" : ", ") + topic;
  return text.empty() ? ", nor on another topic that we may read" : "; there is " + text;
}

Hint MqttTap::HintOf(const drivers::MqttTopicOptions& topic, const std::string& field) {
  const std::lock_guard lock(mutex_);
  const auto heard = heard_.find(topic.filter);
  if (heard == heard_.end()) return {.text = "nothing is published on " + topic.filter + Others()};
  const std::string there = heard->second.topic + " carries " + Excerpt(heard->second.payload);
  return {.text = field.empty() ? there : "no number at " + field + ": " + there, .heard = true};
}

}  // namespace fleet_edge::agent::doctor
