#include "tests/anomaly/nab.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "rules/rule_text.h"
#include "tests/anomaly/alarms.h"

namespace fleet_edge::anomaly {
namespace {

const std::string kData = "tests/data/nab/machine_temperature_system_failure";

constexpr const char* kRules = R"(
groups:
  - name: nab
    interval: 5m
    lateness: 0s
    lookback: 10m
    rules:
      - alert: shipped settings
        expr: abs(anomaly_zscore(machine_temperature[50m], 150h, 0.9)) > 4
      - alert: fixed threshold
        expr: avg_over_time(machine_temperature[50m]) < 45 or avg_over_time(machine_temperature[50m]) > 105
      - alert: plain z-score over ten readings
        expr: abs(machine_temperature - avg_over_time(machine_temperature[50m] offset 5m)) / stddev_over_time(machine_temperature[50m] offset 5m) > 3
)";

UtcTime TimeOf(const std::string& text) {
  const std::optional<UtcTime> time = ParseUtcTime(text + "Z");
  if (!time) throw std::invalid_argument("no time: " + text);
  return *time;
}

/// The two columns of a file, without its heading.
std::vector<std::pair<std::string, std::string>> RowsOf(const std::string& path) {
  std::vector<std::pair<std::string, std::string>> rows;
  std::istringstream lines(ReadFile(path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const std::size_t comma = line.find(',');
    rows.emplace_back(line.substr(0, comma), line.substr(comma + 1));
  }
  return rows;
}

bool Touch(const Alarm& alarm, const Alarm& window) {
  return alarm.from <= window.until && alarm.until > window.from;
}

NabResult Judge(const char* title, const std::vector<Alarm>& alarms,
                const std::vector<Alarm>& windows) {
  NabResult result;
  result.title = title;
  for (const Alarm& window : windows) {
    const auto hit =
        std::ranges::find_if(alarms, [&](const Alarm& alarm) { return Touch(alarm, window); });
    std::optional<double> delay_h;
    if (hit != alarms.end()) delay_h = std::max(ToSeconds(hit->from - window.from), 0.0) / 3'600;
    result.delays_h.push_back(delay_h);
  }
  result.false_alarms = static_cast<int>(std::ranges::count_if(alarms, [&](const Alarm& alarm) {
    return std::ranges::none_of(windows, [&](const Alarm& window) { return Touch(alarm, window); });
  }));
  return result;
}

}  // namespace

std::vector<NabResult> RunNab() {
  Watch watch({rules::RuleText{"nab.yaml", kRules}});
  for (const auto& [text, value] : RowsOf(kData + ".csv")) {
    const UtcTime time = TimeOf(text);
    watch.Add("machine_temperature", time, std::stod(value));
    watch.AdvanceTo(time);
  }
  std::vector<Alarm> windows;
  for (const auto& [from, until] : RowsOf(kData + ".windows.csv")) {
    windows.push_back({TimeOf(from), TimeOf(until)});
  }
  Alarms alarms = watch.alarms();
  std::vector<NabResult> results;
  for (const char* const title :
       {"shipped settings", "fixed threshold", "plain z-score over ten readings"}) {
    results.push_back(Judge(title, alarms[title], windows));
  }
  return results;
}

}  // namespace fleet_edge::anomaly
