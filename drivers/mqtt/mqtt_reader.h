#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/decoded.h"
#include "drivers/driver.h"
#include "drivers/mqtt/mqtt_decoder.h"
#include "drivers/mqtt/mqtt_topic.h"
#include "drivers/mqtt/sparkplug_node.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {

/// Makes readings of MQTT messages: knows the topics it has seen and what each last said.
///
/// Owned by MqttDriver. Two threads, one function each: OnMessage() on the client's, MarkSilent()
/// on the driver's. They share the list of topics, which only grows and is never unlinked, and in
/// each topic the atomics; all else is OnMessage()'s own.
class MqttReader {
 public:
  struct Limits {
    Bytes payload = KiB(256);     ///< a longer message is refused, reason too_large
    std::size_t topics = 10'000;  ///< a message of a further topic is refused, reason topic_limit
  };

  /// `environment`'s parts outlive this.
  MqttReader(std::string name, std::vector<MqttTopic> topics, Limits limits,
             const Environment& environment);
  ~MqttReader();
  MqttReader(const MqttReader&) = delete;
  MqttReader& operator=(const MqttReader&) = delete;

  /// Reads one message into the queue. A retained one is old news: its readings are suspect.
  void OnMessage(std::string_view topic, std::string_view payload, bool retained);

  /// Hands on the last values of each topic that has been silent for its `stale_after`, as stale:
  /// once a silence. Messages that come in at the same time may overtake it.
  void MarkSilent();

 private:
  struct Filter;
  struct Topic;
  struct TextHash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  /// Null when the topic can't be read, which is counted. What a Sparkplug node and its devices say
  /// is one topic.
  Topic* FindTopic(std::string_view text);
  /// `name`: of the topic, in logs.
  Topic* AddTopic(std::string_view text, std::string_view name, const Filter& filter);
  void ReadSparkplug(Topic& topic, std::string_view text, std::string_view payload, bool retained);
  void Emit(Topic& topic, const Decoded& decoded, bool retained);
  void MarkDead(Topic& topic, const std::vector<std::size_t>& targets);
  void NoteHeard(Topic& topic);
  void Refuse(std::string_view reason, std::string_view signal = {});

  const std::string name_;
  const Limits limits_;
  const Environment environment_;
  const Rejections rejections_;
  Counter& accepted_;
  std::vector<std::unique_ptr<const Filter>> filters_;

  // OnMessage()'s own.
  std::unordered_map<std::string, Topic*, TextHash, std::equal_to<>> topics_;
  std::vector<std::unique_ptr<Topic>> owned_;
  MqttDecoder decoder_;
  Decoded decoded_;
  SparkplugNode::Output sparkplug_;
  std::vector<Reading> readings_;
  // By reason and signal, found at first use: floods of bad input are counted fast.
  std::map<std::pair<std::string_view, std::string_view>, Counter*> refused_;

  // Shared: released by OnMessage(), acquired by MarkSilent().
  std::atomic<Topic*> newest_ = nullptr;
};

}  // namespace fleet_edge::drivers
