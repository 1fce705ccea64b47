#include "drivers/mqtt/mqtt_reader.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/decoded.h"
#include "drivers/driver.h"
#include "drivers/mqtt/mqtt_decoder.h"
#include "drivers/mqtt/mqtt_topic.h"
#include "drivers/mqtt/sparkplug_node.h"
#include "drivers/mqtt/sparkplug_payload.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

struct MqttReader::Filter {
  MqttTopic config;
};

/// A topic that has been seen.
struct MqttReader::Topic {
  const Filter& filter;
  const std::string text;
  const std::vector<const Series*> series;  // by target; null where the registry was full
  Topic* const older;                       // in the list

  // Shared with MarkSilent().
  std::vector<std::atomic<double>> last;     // by target; NaN before the first
  std::atomic<BootTime> heard = BootTime{};  // the last message; epoch before the first fresh one
  std::atomic<bool> silent = false;          // told to be stale

  std::unique_ptr<SparkplugNode> node;  // OnMessage()'s own; null for other codecs

  Topic(const Filter& of, std::string topic, std::vector<const Series*> made, Topic* before)
      : filter(of),
        text(std::move(topic)),
        series(std::move(made)),
        older(before),
        last(series.size()) {
    for (auto& value : last) value = std::numeric_limits<double>::quiet_NaN();
    if (const auto* const fields = std::get_if<std::vector<SparkplugField>>(&of.config.codec)) {
      node = std::make_unique<SparkplugNode>(*fields);
    }
  }
};

MqttReader::MqttReader(std::string name, std::vector<MqttTopic> topics, Limits limits,
                       const Environment& environment)
    : name_(std::move(name)),
      limits_(limits),
      environment_(environment),
      rejections_(environment.counters, name_),
      accepted_(rejections_.Accepted()) {
  for (MqttTopic& topic : topics) {
    filters_.push_back(std::make_unique<const Filter>(Filter{std::move(topic)}));
  }
}

MqttReader::~MqttReader() = default;

void MqttReader::OnMessage(std::string_view text, std::string_view payload, bool retained) {
  Topic* const topic = FindTopic(text);
  if (topic == nullptr) return;
  if (payload.size() > limits_.payload.count) return Refuse(reason::kTooLarge);
  if (topic->node != nullptr) return ReadSparkplug(*topic, text, payload, retained);
  const MqttCodec& codec = topic->filter.config.codec;
  if (const auto refused = decoder_.Decode(codec, payload, environment_.clock.Now(), decoded_)) {
    return Refuse(*refused);
  }
  Emit(*topic, decoded_, retained);
}

MqttReader::Topic* MqttReader::FindTopic(std::string_view text) {
  if (const auto found = topics_.find(text); found != topics_.end()) return found->second;
  const auto filter = std::ranges::find_if(
      filters_, [&](const auto& candidate) { return candidate->config.filter.Matches(text); });
  if (filter == filters_.end()) {
    Refuse(reason::kUnreadTopic);  // the broker keeps subscriptions of an earlier configuration
    return nullptr;
  }
  if (topics_.size() >= limits_.topics) {
    Refuse(reason::kTopicLimit);
    return nullptr;
  }
  Topic* topic = nullptr;
  if (std::holds_alternative<std::vector<SparkplugField>>((*filter)->config.codec)) {
    const auto parts = ParseSparkplugTopic(text);
    if (!parts) {
      Refuse(reason::kUnreadTopic);
      return nullptr;
    }
    const std::string node = std::string(parts->group).append("/").append(parts->node);
    const auto known = std::ranges::find_if(owned_, [&](const auto& other) {
      return &other->filter == filter->get() && other->text == node;
    });
    topic = known != owned_.end() ? known->get() : AddTopic(text, node, **filter);
  } else {
    topic = AddTopic(text, text, **filter);
  }
  topics_.emplace(text, topic);
  return topic;
}

MqttReader::Topic* MqttReader::AddTopic(std::string_view text, std::string_view name,
                                        const Filter& filter) {
  const Labels captured = filter.config.filter.Capture(text);
  std::vector<const Series*> series;
  for (const SignalTarget& target : filter.config.targets) {
    Labels labels = target.labels;
    for (const auto& [label, value] : captured) labels.Set(label, value);
    series.push_back(environment_.series.Find(target.signal, labels));
  }
  owned_.push_back(std::make_unique<Topic>(filter, std::string(name), std::move(series),
                                           newest_.load(std::memory_order_relaxed)));
  newest_.store(owned_.back().get(), std::memory_order_release);
  return owned_.back().get();
}

void MqttReader::ReadSparkplug(Topic& topic, std::string_view text, std::string_view payload,
                               bool retained) {
  const auto parts = ParseSparkplugTopic(text);
  if (!parts) return Refuse(reason::kUnreadTopic);
  topic.node->Read(*parts, payload, sparkplug_);
  if (sparkplug_.gap) Refuse(reason::kGap);
  if (sparkplug_.unborn) Refuse(reason::kUnborn);
  if (sparkplug_.refused) return Refuse(*sparkplug_.refused);
  if (!sparkplug_.dead.empty()) return MarkDead(topic, sparkplug_.dead);
  Emit(topic, sparkplug_.decoded, retained);
}

void MqttReader::Emit(Topic& topic, const Decoded& decoded, bool retained) {
  const auto& targets = topic.filter.config.targets;
  for (const Decoded::Fault& fault : decoded.faults) {
    Refuse(fault.reason, targets[fault.field].signal);
  }
  if (decoded.values.empty()) return;
  const UtcTime now = environment_.clock.Now();
  readings_.clear();
  for (const Decoded::Value& value : decoded.values) {
    const Series* const series = topic.series[value.field];
    if (series == nullptr) {
      Refuse(reason::kSeriesLimit, targets[value.field].signal);
      continue;
    }
    readings_.push_back({series, value.time.value_or(now), value.value,
                         retained ? Quality::kSuspect : value.quality, environment_.driver});
    if (retained || !value.is_current) continue;
    topic.last[value.field].store(value.value, std::memory_order_relaxed);
  }
  if (!retained && topic.filter.config.stale_after) NoteHeard(topic);
  accepted_.Add(readings_.size());
  environment_.readings.PushAll(readings_);
}

/// What the broker or the sender itself says goodbye to is stale at once, with its last value.
void MqttReader::MarkDead(Topic& topic, const std::vector<std::size_t>& targets) {
  readings_.clear();
  for (const std::size_t target : targets) {
    const double last = topic.last[target].exchange(std::numeric_limits<double>::quiet_NaN());
    if (std::isnan(last)) continue;
    readings_.push_back({topic.series[target], environment_.clock.Now(), last, Quality::kStale,
                         environment_.driver});
  }
  if (targets.size() == topic.series.size()) topic.silent = true;  // nothing is left to fall silent
  if (readings_.empty()) return;
  spdlog::warn("driver {}: {} says goodbye; {} of its signals are stale until its next birth",
               name_, topic.text, readings_.size());
  accepted_.Add(readings_.size());
  environment_.readings.PushAll(readings_);
}

void MqttReader::Refuse(std::string_view reason, std::string_view signal) {
  Counter*& counter = refused_[{reason, signal}];
  if (counter == nullptr) counter = &rejections_.Get(reason, signal);
  counter->Add();
}

void MqttReader::NoteHeard(Topic& topic) {
  topic.heard = environment_.clock.Boot();
  if (topic.silent.exchange(false)) {
    spdlog::info("driver {}: {} speaks again", name_, topic.text);
  }
}

void MqttReader::MarkSilent() {
  const BootTime now = environment_.clock.Boot();
  std::vector<Reading> stale;
  for (Topic* topic = newest_.load(std::memory_order_acquire); topic != nullptr;
       topic = topic->older) {
    const auto& limit = topic->filter.config.stale_after;
    const BootTime heard = topic->heard;
    if (!limit || heard == BootTime{} || now - heard < *limit || topic->silent.exchange(true))
      continue;
    if (topic->heard.load() != heard) {  // it has just spoken
      topic->silent = false;
      continue;
    }
    spdlog::warn(
        "driver {}: {} has been silent for {}; its last values are stale until it speaks again",
        name_, topic->text, ToString(*limit));
    for (std::size_t i = 0; i < topic->series.size(); ++i) {
      const double value = topic->last[i].load(std::memory_order_relaxed);
      if (std::isnan(value)) continue;
      stale.push_back({topic->series[i], environment_.clock.Now(), value, Quality::kStale,
                       environment_.driver});
    }
  }
  accepted_.Add(stale.size());
  environment_.readings.PushAll(stale);
}

}  // namespace fleet_edge::drivers
