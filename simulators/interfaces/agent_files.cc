#include "simulators/interfaces/agent_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "simulators/alert_rule.h"
#include "simulators/interfaces/silence_truth.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

void WriteFile(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  if (!out.flush()) throw std::runtime_error(file.string() + " can't be written");
}

/// `{zone="1"}`, or nothing.
std::string Matchers(const SeriesName& series) {
  std::string text;
  for (const auto& [name, value] : series.labels) {
    text.append(text.empty() ? "" : ", ").append(name).append("=\"").append(value).append("\"");
  }
  return text.empty() ? text : "{" + text + "}";
}

std::string Number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

std::string ThresholdRule(const AlertRule& rule, bool shown) {
  const std::string mean = "avg_over_time(" + std::string(rule.signal) + "[10s])";
  std::string text = "      - alert: " + std::string(rule.alert) + "\n        expr: " + mean +
                     " >= " + Number(rule.fires_at);
  if (rule.min_samples > 1) {
    text += " and count_over_time(" + std::string(rule.signal) +
            "[10s]) >= " + std::to_string(rule.min_samples);
  }
  return text + "\n        clear: " + mean + " < " + Number(rule.clears_below) +
         (shown ? "\n        notify: [driver, fleet]" : "\n        notify: [fleet]") +
         "\n        labels: {severity: warning}\n"
         "        annotations: {summary: 'At {{ $value | printf \"%.0f\" }}'}\n";
}

std::string SilenceRule(std::span<const SeriesName> series) {
  std::string text = "      - alert: " + std::string(kSilenceAlert) + "\n        expr: |\n";
  const char* join = "          ";
  for (const SeriesName& name : series) {
    if (!WatchesSilence(name)) continue;
    text += join;
    text += "label_replace(absent_over_time(" + name.name + Matchers(name) +
            "[3s]), \"signal\", \"" + name.name + "\", \"\", \"\")\n";
    join = "          or ";
  }
  return text +
         "        notify: [fleet]\n        labels: {severity: warning}\n"
         "        annotations: {summary: 'No {{ $labels.signal }} for three seconds'}\n";
}

std::string Group(const char* name, const std::string& rules) {
  if (rules.empty()) return {};
  return "  - name: " + std::string(name) +
         "\n    interval: 1s\n    lateness: 500ms\n    rules:\n" + rules;
}

/// Of what the devices tell, and nothing else.
std::string Rules(std::span<const SeriesName> series, bool shown) {
  std::string thresholds;
  for (const AlertRule& rule : kTankerAlerts) {
    const bool told = std::ranges::any_of(
        series, [&](const SeriesName& name) { return name.name == rule.signal; });
    if (told) thresholds += ThresholdRule(rule, shown);
  }
  const bool watched = std::ranges::any_of(series, WatchesSilence);
  return "groups:\n" + Group("thresholds", thresholds) +
         Group("silence", watched ? SilenceRule(series) : std::string());
}

}  // namespace

std::string DriverItem(std::string_view name, std::string_view configuration) {
  std::string text = "  - name: " + std::string(name) + "\n";
  while (!configuration.empty()) {
    const std::size_t end = configuration.find('\n');
    text += "    " + std::string(configuration.substr(0, end)) + "\n";
    configuration.remove_prefix(end == std::string_view::npos ? configuration.size() : end + 1);
  }
  return text;
}

void AgentFiles::Write(std::string_view drivers, std::span<const SeriesName> series) const {
  std::string text =
      "# The agent of a simulated vehicle; `fleet-sim devices` wrote it.\nvehicle: {id: " +
      vehicle + "}\ndrivers:\n" + std::string(drivers) + "rules: [rules.yaml]\n";
  if (!broker.empty()) {
    text += "notify:\n  driver:\n    mqtt: {broker: \"" + broker + "\", topic: vehicles/" +
            vehicle + "/alerts}\n";
  }
  text += "outbox:\n  directory: " + (folder / "outbox").string() +
          "\n  durable_within: 2s\nuplink:\n  send_every: 1s\n  kafka: {bootstrap.servers: \"" +
          hub + "\"}\nstatus: {file: " + (folder / "status.json").string() +
          "}\nlog: {level: info}\n";
  WriteFile(configuration(), text);
  WriteFile(folder / "rules.yaml", Rules(series, !broker.empty()));
}

}  // namespace fleet_edge::simulators
