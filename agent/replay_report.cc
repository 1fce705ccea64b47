#include "agent/replay_report.h"

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "agent/json.h"
#include "agent/quality_gate.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {
namespace {

std::string Show(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string Lines(const Counters& counters, std::string_view name) {
  std::string text;
  for (const Counters::Sample& sample : counters.Snapshot()) {
    if (sample.name != name || sample.value == 0) continue;
    text += "  " + std::to_string(sample.value) + " " + ToString(sample.labels) + "\n";
  }
  return text;
}

}  // namespace

std::string ChangeText(const rules::AlertEvent& event) {
  std::string line = ToString(event.at) + " ";
  line.append(ToString(event.state)).append(" ").append(event.alert).append(ToString(event.labels));
  line.append(" ").append(Show(event.value));
  const std::string_view summary = event.annotations.Get("summary");
  if (!summary.empty()) line.append(" ").append(summary);
  return line;
}

std::string ChangeJson(const rules::AlertEvent& event) {
  JsonObject json;
  json.Add("time", ToString(event.at))
      .Add("alert", event.alert)
      .Add("state", ToString(event.state))
      .Add("labels", event.labels)
      .Add("value", event.value);
  return json.Text();
}

void ReplaySummary::Add(const rules::AlertEvent& event) {
  Changes& changes = by_alert_[event.alert];
  if (event.state == rules::AlertState::kFiring) ++changes.fired;
  if (event.state == rules::AlertState::kResolved) ++changes.resolved;
}

std::string ReplaySummary::Text(const Counters& counters) const {
  std::string text = by_alert_.empty() ? "no alert changed its state\n" : "alerts\n";
  for (const auto& [alert, changes] : by_alert_) {
    text += "  " + alert + ": fired " + std::to_string(changes.fired) + ", resolved " +
            std::to_string(changes.resolved) + "\n";
  }
  text += "readings\n" + Lines(counters, kReadingsTotal);
  const std::string refused = Lines(counters, kInputRejectedTotal);
  if (!refused.empty()) text += "not taken into rules\n" + refused;
  return text;
}

}  // namespace fleet_edge::agent
