#include "drivers/mqtt/mqtt_topic.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/signal.h"
#include "drivers/io/json_codec.h"
#include "drivers/mqtt/mqtt_decoder.h"
#include "drivers/mqtt/senml_codec.h"
#include "drivers/mqtt/sparkplug_node.h"
#include "drivers/mqtt/topic_filter.h"
#include "drivers/signal_target.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {
namespace {

/// Adds the target of one series; a label that the topic gives as well is an error.
void AddTarget(MqttTopic& topic, const std::string& series, const std::string& unit,
               Position position, const Section::Context& context) {
  auto target = ReadSignalTarget(series, unit, position, context);
  if (!target) return;
  for (const std::string& name : topic.filter.label_names()) {
    if (target->labels.Get(name).empty()) continue;
    std::string what = "label '";
    what.append(name).append("' is given by the topic filter and by ").append(series);
    context.Fail(position, std::move(what), "Leave it out of one of them");
  }
  topic.targets.push_back(std::move(*target));
}

/// The signals' targets, in their order; `take` makes a field of each.
template <typename Take>
void AddFields(Section& section, const MqttTopicOptions& options, MqttTopic& topic,
               std::string_view form, const Take& take) {
  const std::string mend = "Write `signals: {name: " + std::string(form) + "}`";
  if (!options.signal.empty() || !options.unit.empty()) {
    section.Fail(options.signal.empty() ? "unit" : "signal",
                 "codec " + options.codec + " maps fields to signals", mend);
  }
  if (options.signals.empty()) section.Fail("signals", "no field is mapped to a signal", mend);
  for (const auto& [series, signal] : options.signals) {
    const std::size_t before = topic.targets.size();
    AddTarget(topic, series, signal.unit, signal.position, section.context());
    if (topic.targets.size() > before) take(signal, topic.targets.back());
  }
}

/// Keys of another codec than the topic's.
void RefuseKey(Section& section, const MqttTopicOptions& options, Position position,
               std::string_view key, bool given) {
  if (!given) return;
  section.context().Fail(position, "codec " + options.codec + " has no '" + std::string(key) + "'",
                         "Leave it out, or take the codec that has it");
}

/// A key without which the codec can't find a field.
void RequireKey(Section& section, Position position, std::string_view key, bool given) {
  if (given) return;
  section.context().Fail(position, "key '" + std::string(key) + "' is missing",
                         "Add `" + std::string(key) + ": …`");
}

void CompileJson(Section& section, const MqttTopicOptions& options, MqttTopic& topic) {
  std::vector<JsonCodec::Field> fields;
  AddFields(section, options, topic, "{pointer: /field}",
            [&](const MqttTopicOptions::Signal& signal, const SignalTarget& target) {
              RequireKey(section, signal.position, "pointer", signal.pointer.has_value());
              RefuseKey(section, options, signal.position, "name", !signal.name.empty());
              RefuseKey(section, options, signal.position, "device", !signal.device.empty());
              fields.push_back({signal.pointer.value_or(""), target.conversion, signal.required});
            });
  std::optional<JsonCodec::Time> time;
  const auto unit = ParseTimeUnit(options.time.unit);
  if (!options.time.pointer.empty() && unit) time = {options.time.pointer, *unit};
  auto codec = JsonCodec::Make(std::move(fields), std::move(time));
  if (codec) {
    topic.codec = std::move(*codec);
  } else {
    section.Fail("signals", codec.error().message, "Begin with a slash: /field, or /group/field");
  }
}

void RefuseTime(Section& section, const MqttTopicOptions& options) {
  if (options.time.pointer.empty()) return;
  section.Fail("time", "codec " + options.codec + " has times of its own", "Leave `time` out");
}

void CompileSenml(Section& section, const MqttTopicOptions& options, MqttTopic& topic) {
  std::vector<SenmlCodec::Field> fields;
  AddFields(section, options, topic, "{name: 'urn:dev:…:temp'}",
            [&](const MqttTopicOptions::Signal& signal, const SignalTarget& target) {
              RequireKey(section, signal.position, "name", !signal.name.empty());
              RefuseKey(section, options, signal.position, "pointer", signal.pointer.has_value());
              RefuseKey(section, options, signal.position, "device", !signal.device.empty());
              const Signal* const catalogued = FindSignal(target.signal);
              fields.push_back({.name = signal.name,
                                .to = std::string(catalogued != nullptr ? catalogued->unit : ""),
                                .unitless = target.conversion,
                                .required = signal.required});
            });
  RefuseTime(section, options);
  topic.codec = SenmlCodec(std::move(fields));
}

/// `spBv1.0/group/+/node/#`: births and deaths of the node and its devices come with their data.
bool IsSparkplugFilter(const TopicFilter& filter) {
  std::vector<std::string_view> levels;
  for (std::string_view rest = filter.subscription(); !rest.empty();) {
    levels.push_back(rest.substr(0, rest.find('/')));
    rest.remove_prefix(std::min(rest.size(), levels.back().size() + 1));
  }
  return levels.size() == 5 && levels[0] == "spBv1.0" && levels[2] == "+" && levels[4] == "#";
}

void CompileSparkplug(Section& section, const MqttTopicOptions& options, MqttTopic& topic) {
  if (!IsSparkplugFilter(topic.filter)) {
    section.Fail("filter", "codec sparkplug hears a node with all that it says",
                 "Write spBv1.0/GROUP/+/NODE/#; GROUP and NODE may be {labels}");
  }
  std::vector<SparkplugField> fields;
  AddFields(section, options, topic, "{name: Temperature, device: probe}",
            [&](const MqttTopicOptions::Signal& signal, const SignalTarget& target) {
              RequireKey(section, signal.position, "name", !signal.name.empty());
              RefuseKey(section, options, signal.position, "pointer", signal.pointer.has_value());
              RefuseKey(section, options, signal.position, "required", signal.required);
              fields.push_back(
                  {.name = signal.name, .device = signal.device, .conversion = target.conversion});
            });
  RefuseTime(section, options);
  topic.codec = std::move(fields);
}

void CompileValue(Section& section, const MqttTopicOptions& options, MqttTopic& topic) {
  if (!options.signals.empty() || !options.time.pointer.empty()) {
    section.Fail(options.signals.empty() ? "time" : "signals",
                 "codec value has no fields: the payload is one number",
                 "Write `signal: name`, or take `codec: json`");
  }
  if (options.signal.empty()) {
    section.Fail("signal", "key 'signal' is missing: codec value needs to know what the number is",
                 "Add `signal: …`");
    return;
  }
  AddTarget(topic, options.signal, options.unit, section.PositionOf("signal"), section.context());
  if (!topic.targets.empty()) topic.codec = MqttPlainValue{topic.targets.front().conversion};
}

std::optional<MqttTopic> Compile(Section& section, const MqttTopicOptions& options) {
  const std::size_t before = section.context().diagnostics.size();
  auto filter = TopicFilter::Parse(options.filter);
  if (!filter) {
    section.Fail("filter", filter.error().message, "Write for example sensors/{zone}/temperature");
    return std::nullopt;
  }
  MqttTopic topic{std::move(*filter), {}, {}, options.stale_after};
  if (options.codec == "json") {
    CompileJson(section, options, topic);
  } else if (options.codec == "value") {
    CompileValue(section, options, topic);
  } else if (options.codec == "senml") {
    CompileSenml(section, options, topic);
  } else if (options.codec == "sparkplug") {
    CompileSparkplug(section, options, topic);
  } else {
    section.Fail("codec", "unknown codec '" + options.codec + "'",
                 "Allowed here: json senml sparkplug value");
  }
  const Diagnostics& found = section.context().diagnostics;
  if (HasErrors({found.begin() + static_cast<std::ptrdiff_t>(before), found.end()}))
    return std::nullopt;
  return topic;
}

}  // namespace

void Describe(Section& section, MqttTopicOptions::Time& time) {
  section.Key("pointer", time.pointer,
              "JSON pointer of the readings' time. Default: the time of arrival.");
  section.Key("unit", time.unit, "s, ms, us or ns since 1970, or iso8601.");
  if (!ParseTimeUnit(time.unit)) {
    section.Fail("unit", "'" + time.unit + "' is no unit of time",
                 "Allowed here: " + std::string(kTimeUnitNames));
  }
}

void Describe(Section& section, MqttTopicOptions::Signal& signal) {
  section.Key("pointer", signal.pointer,
              "Codec json: JSON pointer of the value, /coolant, /engine/coolant, /zones/0.");
  section.Key("name", signal.name,
              "Codec senml: the record's name, or `*` and its end. Codec sparkplug: the metric's.");
  section.Key("device", signal.device, "Codec sparkplug: the device. Default: the node itself.");
  section.Key("unit", signal.unit,
              "The value's unit, converted to the signal's; with senml, of records that tell none. "
              "Default: the signal's own.");
  section.Key("required", signal.required, "A message without it is counted as missing.");
  if (section.reading())
    signal.position = section.PositionOf(!signal.unit.empty() ? "unit"
                                         : signal.pointer     ? "pointer"
                                                              : "name");
}

void Describe(Section& section, MqttTopicOptions& topic) {
  section.Require("filter", topic.filter,
                  "MQTT topic filter; a level {name} matches anything and becomes a label.");
  static constexpr std::array<std::string_view, 4> kCodecs{"json", "senml", "sparkplug", "value"};
  section.Key("codec", topic.codec, "json, senml, sparkplug, or value: the payload is one number.")
      .OneOf(kCodecs);
  section.Key("time", topic.time, "Where a JSON payload has its time.");
  section.Key("signals", topic.signals, "Series → {pointer or name, device, unit, required}.");
  section.Key("signal", topic.signal, "Codec value: the series.");
  section.Key("unit", topic.unit, "Codec value: the number's unit. Default: the signal's own.");
  section.Key("stale_after", topic.stale_after,
              "Silence after which what a topic last said is stale. Default: never.");
  if (section.reading() && !topic.filter.empty()) topic.compiled = Compile(section, topic);
}

}  // namespace fleet_edge::drivers
