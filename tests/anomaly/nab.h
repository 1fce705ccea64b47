#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace fleet_edge::anomaly {

/// How one detector sees the labelled windows of NAB's machine_temperature_system_failure.
struct NabResult {
  std::string title;
  std::vector<std::optional<double>> delays_h;  ///< by window, from its begin; nothing: missed
  int false_alarms = 0;                         ///< alarms that touch no window

  int hits() const {
    return static_cast<int>(
        std::ranges::count_if(delays_h, [](const auto& delay) { return delay.has_value(); }));
  }
};

/// By detector: the container's fast half, a fixed band, a plain z-score over ten readings. The
/// data has a reading each five minutes, so every duration is 300 times the shipped one. Run in the
/// repository's root.
std::vector<NabResult> RunNab();

}  // namespace fleet_edge::anomaly
