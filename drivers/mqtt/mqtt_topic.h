#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "drivers/mqtt/mqtt_decoder.h"
#include "drivers/mqtt/topic_filter.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

/// How the messages of one filter become readings. A value.
struct MqttTopic {
  TopicFilter filter;
  std::vector<SignalTarget> targets;
  MqttCodec codec;  ///< its fields are the targets
  std::optional<Duration> stale_after;
};

/// One item of the `mqtt` driver's topics, as it is written.
struct MqttTopicOptions {
  struct Time {
    std::string pointer;  ///< empty: readings have the time of their arrival
    std::string unit = "ms";
  };
  struct Signal {
    std::optional<std::string> pointer;  ///< codec json
    std::string name;                    ///< codecs senml and sparkplug
    std::string device;                  ///< codec sparkplug; empty: the node itself
    std::string unit;
    bool required = false;
    Position position;  ///< of the entry
  };

  std::string filter;
  std::string codec = "json";
  Time time;
  std::map<std::string, Signal> signals;  ///< by series; unless codec value
  std::string signal;                     ///< codec value: the series
  std::string unit;                       ///< codec value
  std::optional<Duration> stale_after;

  std::optional<MqttTopic> compiled;  ///< what it all means; nothing when some of it is wrong
};

void Describe(Section& section, MqttTopicOptions::Time& time);
void Describe(Section& section, MqttTopicOptions::Signal& signal);
void Describe(Section& section, MqttTopicOptions& topic);

}  // namespace fleet_edge::drivers
