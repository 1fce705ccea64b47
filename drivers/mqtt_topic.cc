#include "drivers/mqtt_topic.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "drivers/json_codec.h"
#include "drivers/signal_target.h"
#include "drivers/time_unit.h"
#include "drivers/topic_filter.h"

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

void CompileJson(Section& section, const MqttTopicOptions& options, MqttTopic& topic) {
  if (!options.signal.empty() || !options.unit.empty()) {
    section.Fail(options.signal.empty() ? "unit" : "signal", "codec json maps fields to signals",
                 "Write `signals: {name: {pointer: /field}}`");
  }
  if (options.signals.empty()) {
    section.Fail("signals", "no field is mapped to a signal",
                 "Write `signals: {name: {pointer: /field}}`");
  }
  std::vector<JsonCodec::Field> fields;
  for (const auto& [series, signal] : options.signals) {
    const std::size_t before = topic.targets.size();
    AddTarget(topic, series, signal.unit, signal.position, section.context());
    if (topic.targets.size() == before) continue;
    fields.push_back({signal.pointer, topic.targets.back().conversion, signal.required});
  }
  std::optional<JsonCodec::Time> time;
  const auto unit = ParseTimeUnit(options.time.unit);
  if (!options.time.pointer.empty() && unit) time = {options.time.pointer, *unit};
  auto codec = JsonCodec::Make(std::move(fields), std::move(time));
  if (codec) {
    topic.json = std::move(*codec);
  } else {
    section.Fail("signals", codec.error().message, "Begin with a slash: /field, or /group/field");
  }
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
  } else {
    section.Fail("codec", "unknown codec '" + options.codec + "'", "Allowed here: json value");
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
  section.Require("pointer", signal.pointer,
                  "JSON pointer of the value: /coolant, /engine/coolant, /zones/0.");
  section.Key("unit", signal.unit,
              "The value's unit, converted to the signal's. Default: the signal's own.");
  section.Key("required", signal.required, "A message without it is counted as malformed.");
  if (section.reading())
    signal.position = section.PositionOf(signal.unit.empty() ? "pointer" : "unit");
}

void Describe(Section& section, MqttTopicOptions& topic) {
  section.Require("filter", topic.filter,
                  "MQTT topic filter; a level {name} matches anything and becomes a label.");
  section.Key("codec", topic.codec, "json, or value: the payload is one number.");
  section.Key("time", topic.time, "Where a JSON payload has its time.");
  section.Key("signals", topic.signals, "Codec json: series → {pointer, unit, required}.");
  section.Key("signal", topic.signal, "Codec value: the series.");
  section.Key("unit", topic.unit, "Codec value: the number's unit. Default: the signal's own.");
  section.Key("stale_after", topic.stale_after,
              "Silence after which what a topic last said is stale. Default: never.");
  if (section.reading() && !topic.filter.empty()) topic.compiled = Compile(section, topic);
}

}  // namespace fleet_edge::drivers
