#include "agent/pipeline/notifier.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/pipeline/display.h"
#include "agent/text/json.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {
namespace {

using rules::AlertEvent;
using rules::AlertState;

constexpr std::string_view kDriver = "driver";

/// A label's value may hold what separates topics or stands for many of them.
std::string Segment(std::string_view value) {
  std::string segment(value);
  std::ranges::replace_if(
      segment, [](char c) { return c == '/' || c == '+' || c == '#' || c == '\0'; }, '_');
  return segment;
}

std::string Payload(const AlertEvent& event, UtcTime sent) {
  JsonObject json;
  json.Add("alert", event.alert)
      .Add("state", ToString(event.state))
      .Add("severity", event.labels.Get("severity"))
      .Add("summary", event.annotations.Get("summary"))
      .Add("labels", event.labels)
      .Add("value", event.value)
      .Add("since", ToString(event.active_since));
  if (event.state == AlertState::kResolved) json.Add("until", ToString(event.at));
  json.Add("at", ToString(event.at)).Add("sent", ToString(sent));
  return json.Text();
}

}  // namespace

std::string TopicOf(const AlertEvent& event, const Notifier::Options& options) {
  std::string topic = options.topic + "/" + Segment(event.alert);
  for (const auto& [name, value] : event.labels) {
    if (name == "severity" || options.vehicle_labels.Get(name) == value) continue;
    topic += "/" + Segment(value);
  }
  return topic;
}

Notifier::Notifier(Options options, Display& display, Counters& counters, const Clock& clock)
    : options_(std::move(options)),
      display_(display),
      clock_(clock),
      put_(counters.Get("fleet_edge_display_messages_total")),
      failed_(counters.Get("fleet_edge_display_failures_total")) {}

void Notifier::Show(const AlertEvent& event) {
  if (event.state != AlertState::kFiring && event.state != AlertState::kResolved) return;
  if (std::ranges::find(event.notify, kDriver) == event.notify.end()) return;
  const std::string topic = TopicOf(event, options_);
  const bool firing = event.state == AlertState::kFiring;
  if (!event.cooled_down && (firing || !shown_.contains(topic))) return;
  shown_[topic] = firing ? std::nullopt : std::optional(clock_.Boot() + options_.resolved_for);
  Put(topic, Payload(event, clock_.Now()));
}

std::optional<BootTime> Notifier::TakeOffDue() { return TakeOffUntil(clock_.Boot()); }

void Notifier::TakeOffResolved() { TakeOffUntil(BootTime::max()); }

std::optional<BootTime> Notifier::TakeOffUntil(BootTime time) {
  std::optional<BootTime> next;
  for (auto at = shown_.begin(); at != shown_.end();) {
    const std::optional<BootTime> until = at->second;
    if (until && *until <= time) {
      Put(at->first, {});
      at = shown_.erase(at);
      continue;
    }
    if (until && (!next || *until < *next)) next = until;
    ++at;
  }
  return next;
}

void Notifier::Put(const std::string& topic, const std::string& payload) {
  (display_.Put(topic, payload) ? put_ : failed_).Add();
}

}  // namespace fleet_edge::agent
