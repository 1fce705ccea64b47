#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/agent/process.h"

namespace fleet_edge::agent {

/// A rule file with one alert.
inline constexpr const char* kSpeeding = R"(groups:
- name: speed
  interval: 1s
  rules:
  - alert: Speeding
    expr: last_over_time(vehicle_speed_kmh[2s]) > 90
    labels: {severity: warning}
    annotations: {summary: "Slow down"}
)";

/// What came of a command that ran to its end.
struct Outcome {
  int exit;
  std::string out;
  std::string err;
};

inline Outcome Run(const std::vector<std::string>& arguments) {
  Process process(arguments);
  const int exit = process.Wait();
  return {exit, process.out(), process.err()};
}

inline bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace fleet_edge::agent
