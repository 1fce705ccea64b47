#include "simulators/ledger_line.h"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/json_writer.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

using simdjson::dom::element;

void Write(const LedgerStart& start, JsonWriter& json) {
  json.Key("start").BeginObject().Member("at", start.at).Member("seed", start.seed);
  json.Key("alerts").BeginArray();
  for (const std::string& alert : start.alerts) json.Value(alert);
  json.EndArray().EndObject();
}

void Write(const MessageForm& form, JsonWriter& json) {
  json.Key("form").BeginObject().Member("number", form.number).Member("vehicle", form.vehicle);
  json.Key("series").BeginArray();
  for (const SeriesName& series : form.series) {
    json.BeginObject().Member("name", series.name).Member("labels", series.labels).EndObject();
  }
  json.EndArray().Member("stamp", NameOf(form.stamp)).EndObject();
}

void Write(const ExpectedChange& expected, JsonWriter& json) {
  json.Key("expect").BeginObject().Member("vehicle", expected.vehicle);
  json.Member("alert", expected.alert).Member("labels", expected.labels);
  json.Member("change", NameOf(expected.change)).Member("earliest", expected.earliest);
  json.Member("latest", expected.latest).Member("required", expected.required).EndObject();
}

void Write(const DisplayedChange& shown, JsonWriter& json) {
  json.Key("display").BeginObject().Member("vehicle", shown.vehicle);
  json.Member("alert", shown.alert).Member("change", NameOf(shown.change));
  json.Member("at", shown.at).Member("arrived", shown.arrived).EndObject();
}

void Write(const LedgerNote& note, JsonWriter& json) {
  json.Key("note").BeginObject().Member("kind", NameOf(note.kind)).Member("at", note.at);
  json.Member("vehicle", note.vehicle).EndObject();
}

void Write(const LedgerEnd& end, JsonWriter& json) {
  json.Key("end").BeginObject().Member("at", end.at).Member("messages", end.messages);
  json.Key("unacknowledged").BeginArray();
  for (const std::uint64_t number : end.unacknowledged) json.Value(number);
  json.EndArray().EndObject();
}

void Write(const FleetPlan& plan, JsonWriter& json) {
  json.Key("fleet").BeginObject().Member("name", std::string_view(plan.name));
  json.Member("vehicles", plan.vehicles).Member("seed", plan.seed).Member("start", plan.start);
  json.Member("seconds", plan.seconds).Member("spread", plan.spread).EndObject();
}

std::string MessageLine(const SentMessage& message) {
  JsonWriter json;
  json.BeginArray().Value(message.form).Value(message.time);
  for (const double value : message.values) json.Value(value);
  return json.EndArray().text();
}

// What follows reads; a value that is missing or of the wrong form throws simdjson_error, which
// ends in Parse().

std::string Text(element value) { return std::string(std::string_view(value)); }

UtcTime Time(element value) { return UtcTime{Duration{std::int64_t{value}}}; }

Labels ReadLabels(element value) {
  Labels labels;
  for (const auto& [name, text] : simdjson::dom::object(value)) {
    labels.Set(name, std::string_view(text));
  }
  return labels;
}

AlertChange ReadChange(element value) {
  return std::string_view(value) == NameOf(AlertChange::kFiring) ? AlertChange::kFiring
                                                                 : AlertChange::kResolved;
}

Stamp ReadStamp(element form) {
  std::string_view name;
  if (form["stamp"].get(name) != simdjson::SUCCESS) return Stamp::kSource;  // an older ledger's
  for (const Stamp stamp : {Stamp::kArrival, Stamp::kLook}) {
    if (name == NameOf(stamp)) return stamp;
  }
  return Stamp::kSource;
}

std::size_t ReadFormNumber(element value) {
  const std::uint64_t number{value};
  if (!std::in_range<std::size_t>(number)) {
    throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  }
  return static_cast<std::size_t>(number);
}

SentMessage ReadMessage(element line) {
  SentMessage message;
  std::size_t place = 0;
  for (const element cell : simdjson::dom::array(line)) {
    if (place == 0) {
      message.form = ReadFormNumber(cell);
    } else if (place == 1) {
      message.time = Time(cell);
    } else {
      message.values.push_back(double{cell});
    }
    ++place;
  }
  return message;
}

LedgerStart ReadStart(element body) {
  LedgerStart start{.at = Time(body["at"]), .seed = std::uint64_t{body["seed"]}, .alerts = {}};
  for (const element alert : simdjson::dom::array(body["alerts"])) {
    start.alerts.push_back(Text(alert));
  }
  return start;
}

MessageForm ReadForm(element body) {
  MessageForm form{.number = ReadFormNumber(body["number"]),
                   .vehicle = Text(body["vehicle"]),
                   .series = {},
                   .stamp = ReadStamp(body)};
  for (const element series : simdjson::dom::array(body["series"])) {
    form.series.push_back({Text(series["name"]), ReadLabels(series["labels"])});
  }
  return form;
}

ExpectedChange ReadExpected(element body) {
  return {.vehicle = Text(body["vehicle"]),
          .alert = Text(body["alert"]),
          .labels = ReadLabels(body["labels"]),
          .change = ReadChange(body["change"]),
          .earliest = Time(body["earliest"]),
          .latest = Time(body["latest"]),
          .required = bool{body["required"]}};
}

DisplayedChange ReadDisplayed(element body) {
  return {.vehicle = Text(body["vehicle"]),
          .alert = Text(body["alert"]),
          .change = ReadChange(body["change"]),
          .at = Time(body["at"]),
          .arrived = Time(body["arrived"])};
}

LedgerNote ReadNote(element body) {
  const bool kill = std::string_view(body["kind"]) == NameOf(LedgerNote::Kind::kKill);
  return {.kind = kill ? LedgerNote::Kind::kKill : LedgerNote::Kind::kStart,
          .at = Time(body["at"]),
          .vehicle = Text(body["vehicle"])};
}

LedgerEnd ReadEnd(element body) {
  LedgerEnd end{
      .at = Time(body["at"]), .messages = std::uint64_t{body["messages"]}, .unacknowledged = {}};
  for (const element number : simdjson::dom::array(body["unacknowledged"])) {
    end.unacknowledged.push_back(std::uint64_t{number});
  }
  return end;
}

/// No more than a plan may have, so that a damaged ledger asks for no absurd memory.
std::uint32_t Moderate(element value) {
  const std::uint64_t number{value};
  if (number > kMostFleetInstants) throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  return static_cast<std::uint32_t>(number);
}

FleetPlan ReadFleet(element body) {
  FleetPlan plan{.name = Text(body["name"]),
                 .vehicles = Moderate(body["vehicles"]),
                 .seed = std::uint64_t{body["seed"]},
                 .start = Time(body["start"]),
                 .seconds = Moderate(body["seconds"]),
                 .spread = Duration{std::int64_t{body["spread"]}}};
  if (plan.instants() > kMostFleetInstants) {
    throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  }
  return plan;
}

LedgerEntry ReadEntry(element line) {
  if (line.is_array()) return ReadMessage(line);
  const simdjson::dom::key_value_pair entry = *simdjson::dom::object(line).begin();
  if (entry.key == "start") return ReadStart(entry.value);
  if (entry.key == "form") return ReadForm(entry.value);
  if (entry.key == "expect") return ReadExpected(entry.value);
  if (entry.key == "display") return ReadDisplayed(entry.value);
  if (entry.key == "note") return ReadNote(entry.value);
  if (entry.key == "end") return ReadEnd(entry.value);
  if (entry.key == "fleet") return ReadFleet(entry.value);
  throw simdjson::simdjson_error(simdjson::NO_SUCH_FIELD);
}

}  // namespace

std::string ToLine(const LedgerEntry& entry) {
  if (const auto* const message = std::get_if<SentMessage>(&entry)) return MessageLine(*message);
  JsonWriter json;
  json.BeginObject();
  std::visit(
      [&json](const auto& kind) {
        if constexpr (requires { Write(kind, json); }) Write(kind, json);
      },
      entry);
  return json.EndObject().text();
}

struct LedgerParser::Json {
  simdjson::dom::parser parser;
};

LedgerParser::LedgerParser() : json_(std::make_unique<Json>()) {}
LedgerParser::~LedgerParser() = default;

Result<LedgerEntry> LedgerParser::Parse(std::string_view line) {
  try {
    const element root = json_->parser.parse(line.data(), line.size());
    return ReadEntry(root);
  } catch (const simdjson::simdjson_error& error) {
    return Error{Error::Code::kCorrupt,
                 "no ledger entry (" + std::string(error.what()) + "): " + std::string(line)};
  }
}

}  // namespace fleet_edge::simulators
