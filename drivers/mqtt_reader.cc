#include "drivers/mqtt_reader.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/driver.h"
#include "drivers/json_codec.h"
#include "drivers/mqtt_topic.h"
#include "drivers/number.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

/// A filter with its counters, all looked up at the start: floods of bad input are counted fast.
struct MqttReader::Filter {
  struct PerTarget {
    Counter& wrong_type;
    Counter& missing;
    Counter& series_limit;
  };

  MqttTopic config;
  Counter& malformed;
  Counter& bad_time;
  std::vector<PerTarget> targets;

  Filter(MqttTopic topic, const Rejections& rejections)
      : config(std::move(topic)),
        malformed(rejections.Get(reason::kMalformed)),
        bad_time(rejections.Get(reason::kBadTime)) {
    for (const SignalTarget& target : config.targets) {
      targets.push_back({rejections.Get(reason::kWrongType, target.signal),
                         rejections.Get(reason::kMissing, target.signal),
                         rejections.Get(reason::kSeriesLimit, target.signal)});
    }
  }
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

  Topic(const Filter& of, std::string topic, std::vector<const Series*> made, Topic* before)
      : filter(of),
        text(std::move(topic)),
        series(std::move(made)),
        older(before),
        last(series.size()) {
    for (auto& value : last) value = std::numeric_limits<double>::quiet_NaN();
  }
};

MqttReader::MqttReader(std::string name, std::vector<MqttTopic> topics, Limits limits,
                       const Environment& environment)
    : name_(std::move(name)),
      limits_(limits),
      environment_(environment),
      rejections_(environment.counters, name_),
      accepted_(rejections_.Accepted()),
      too_large_(rejections_.Get(reason::kTooLarge)),
      unread_topic_(rejections_.Get(reason::kUnreadTopic)),
      topic_limit_(rejections_.Get(reason::kTopicLimit)) {
  for (MqttTopic& topic : topics) {
    filters_.push_back(std::make_unique<const Filter>(std::move(topic), rejections_));
  }
}

MqttReader::~MqttReader() = default;

void MqttReader::OnMessage(std::string_view text, std::string_view payload, bool retained) {
  Topic* const topic = FindTopic(text);
  if (topic == nullptr) return;
  if (payload.size() > limits_.payload.count) {
    too_large_.Add();
    return;
  }
  const Filter& filter = topic->filter;
  if (const auto& json = filter.config.json) {
    if (!DecodeJson(filter, *json, payload)) return;
  } else {
    DecodeNumber(filter, payload);
  }
  if (!decoded_.values.empty()) Emit(*topic, retained);
}

MqttReader::Topic* MqttReader::FindTopic(std::string_view text) {
  if (const auto found = topics_.find(text); found != topics_.end()) return found->second.get();
  const auto filter = std::ranges::find_if(
      filters_, [&](const auto& candidate) { return candidate->config.filter.Matches(text); });
  if (filter == filters_.end()) {
    unread_topic_.Add();  // the broker keeps subscriptions of an earlier configuration
    return nullptr;
  }
  if (topics_.size() >= limits_.topics) {
    topic_limit_.Add();
    return nullptr;
  }
  return AddTopic(text, **filter);
}

MqttReader::Topic* MqttReader::AddTopic(std::string_view text, const Filter& filter) {
  const Labels captured = filter.config.filter.Capture(text);
  std::vector<const Series*> series;
  for (const SignalTarget& target : filter.config.targets) {
    Labels labels = target.labels;
    for (const auto& [name, value] : captured) labels.Set(name, value);
    series.push_back(environment_.series.Find(target.signal, labels));
  }
  auto topic = std::make_unique<Topic>(filter, std::string(text), std::move(series),
                                       newest_.load(std::memory_order_relaxed));
  Topic* const added = topic.get();
  topics_.emplace(std::string(text), std::move(topic));
  newest_.store(added, std::memory_order_release);
  return added;
}

void MqttReader::DecodeNumber(const Filter& filter, std::string_view payload) {
  decoded_.time.reset();
  decoded_.values.clear();
  if (const auto number = ParseNumber(Trim(payload))) {
    decoded_.values.push_back({0, filter.config.targets.front().conversion(*number)});
  } else {
    filter.targets.front().wrong_type.Add();
  }
}

bool MqttReader::DecodeJson(const Filter& filter, const JsonCodec& codec,
                            std::string_view payload) {
  if (const auto refused = codec.Decode(payload, parser_, decoded_)) {
    (*refused == reason::kBadTime ? filter.bad_time : filter.malformed).Add();
    return false;
  }
  for (const JsonCodec::Fault& fault : decoded_.faults) {
    const Filter::PerTarget& counters = filter.targets[fault.field];
    (fault.reason == reason::kMissing ? counters.missing : counters.wrong_type).Add();
  }
  return true;
}

void MqttReader::Emit(Topic& topic, bool retained) {
  const UtcTime time = decoded_.time ? *decoded_.time : environment_.clock.Now();
  const Quality quality = retained ? Quality::kSuspect : Quality::kGood;
  readings_.clear();
  for (const JsonCodec::Value& value : decoded_.values) {
    const Series* const series = topic.series[value.field];
    if (series == nullptr) {
      topic.filter.targets[value.field].series_limit.Add();
      continue;
    }
    readings_.push_back({series, time, value.value, quality, environment_.driver});
    if (!retained) topic.last[value.field].store(value.value, std::memory_order_relaxed);
  }
  if (!retained && topic.filter.config.stale_after) NoteHeard(topic);
  accepted_.Add(readings_.size());
  environment_.readings.PushAll(readings_);
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
