#include "agent/replay/replay_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agent/pipeline/quality_gate.h"
#include "agent/text/json.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/label_pool.h"

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

std::string ElementText(UtcTime at, const Labels& labels, double value) {
  Labels nameless = labels;
  nameless.Remove(rules::kNameLabel);
  std::string line = ToString(at) + " ";
  line.append(labels.Get(rules::kNameLabel));
  line += nameless.empty() && labels.Get(rules::kNameLabel).empty() ? "{}" : ToString(nameless);
  return line + " " + Show(value);
}

std::string ElementJson(UtcTime at, const std::string& expression, const Labels& labels,
                        double value) {
  JsonObject json;
  json.Add("time", ToString(at))
      .Add("series", expression)
      .Add("labels", labels)
      .Add("value", value);
  return json.Text();
}

ReplaySummary::ReplaySummary(const std::vector<std::string>& alerts,
                             const std::vector<std::string>& expressions) {
  for (const std::string& alert : alerts) by_alert_[alert];
  for (const std::string& expression : expressions) by_expression_[expression];
}

void ReplaySummary::Add(const rules::AlertEvent& event) {
  Alert& alert = by_alert_[event.alert];
  if (event.state == rules::AlertState::kFiring) {
    // One that the cooldown held back is told again when it is over: it is the same firing.
    if (!alert.firing.emplace(event.labels, event.at).second) return;
    ++alert.fired;
    if (!alert.first) alert.first = event.at;
  }
  if (event.state == rules::AlertState::kResolved) {
    ++alert.resolved;
    const auto since = alert.firing.find(event.labels);
    if (since == alert.firing.end()) return;
    alert.longest = std::max(alert.longest, event.at - since->second);
    alert.firing.erase(since);
  }
}

void ReplaySummary::Add(const std::string& expression, double value) {
  Values& values = by_expression_[expression];
  values.least = values.count == 0 ? value : std::fmin(values.least, value);
  values.most = values.count == 0 ? value : std::fmax(values.most, value);
  ++values.count;
}

void ReplaySummary::Miss(const std::string& alert_or_expression,
                         const std::vector<std::string>& selectors) {
  misses_[alert_or_expression] = selectors;
}

std::string ReplaySummary::MissText(const std::string& alert_or_expression) const {
  const auto misses = misses_.find(alert_or_expression);
  if (misses == misses_.end()) return {};
  std::string text;
  for (const std::string& selector : misses->second) {
    text += (text.empty() ? ", not in the recordings: " : ", ") + selector;
  }
  return text;
}

std::string ReplaySummary::AlertText(const std::string& name, std::size_t width, const Alert& alert,
                                     UtcTime end) const {
  std::string line = "  " + name + std::string(width - name.size(), ' ');
  if (alert.fired == 0) return line + "  silent" + MissText(name) + "\n";
  Duration longest = alert.longest;
  for (const auto& [labels, since] : alert.firing) longest = std::max(longest, end - since);
  line += "  fired " + std::to_string(alert.fired) + ", resolved " +
          std::to_string(alert.resolved) + ", longest " + ToString(longest) + ", first ";
  return line + ToString(alert.first.value_or(end)) + "\n";
}

std::string ReplaySummary::ValuesText(const std::string& expression, const Values& values) const {
  std::string line = "  " + expression + ": " + std::to_string(values.count) + " values";
  if (values.count == 0) return line + MissText(expression) + "\n";
  return line + ", " + Show(values.least) + " to " + Show(values.most) + "\n";
}

std::string ReplaySummary::Text(const Counters& counters, UtcTime end) const {
  std::string text = by_alert_.empty() ? "" : "alerts\n";
  std::size_t width = 0;
  for (const auto& [name, alert] : by_alert_) width = std::max(width, name.size());
  for (const auto& [name, alert] : by_alert_) text += AlertText(name, width, alert, end);
  if (!by_expression_.empty()) text += "series\n";
  for (const auto& [expression, values] : by_expression_) text += ValuesText(expression, values);
  text += "readings\n" + Lines(counters, kReadingsTotal);
  const std::string refused = Lines(counters, kInputRejectedTotal);
  if (!refused.empty()) text += "not taken into rules\n" + refused;
  return text;
}

}  // namespace fleet_edge::agent
