#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "drivers/json_codec.h"
#include "drivers/signal_target.h"
#include "drivers/topic_filter.h"

namespace fleet_edge::drivers {

/// How the messages of one filter become readings. A value.
struct MqttTopic {
  TopicFilter filter;
  std::vector<SignalTarget> targets;
  std::optional<JsonCodec> json;  ///< its fields are the targets; none: the payload is one number
  std::optional<Duration> stale_after;
};

/// One item of the `mqtt` driver's topics, as it is written.
struct MqttTopicOptions {
  struct Time {
    std::string pointer;  ///< empty: readings have the time of their arrival
    std::string unit = "ms";
  };
  struct Signal {
    std::string pointer;
    std::string unit;
    bool required = false;
    Position position;  ///< of the entry
  };

  std::string filter;
  std::string codec = "json";
  Time time;
  std::map<std::string, Signal> signals;  ///< codec json: by series
  std::string signal;                     ///< codec value: the series
  std::string unit;                       ///< codec value
  std::optional<Duration> stale_after;

  std::optional<MqttTopic> compiled;  ///< what it all means; nothing when some of it is wrong
};

void Describe(Section& section, MqttTopicOptions::Time& time);
void Describe(Section& section, MqttTopicOptions::Signal& signal);
void Describe(Section& section, MqttTopicOptions& topic);

}  // namespace fleet_edge::drivers
