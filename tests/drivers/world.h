#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/driver.h"

namespace fleet_edge::drivers {

/// What a driver needs around it, and what came of it.
struct World {
  explicit World(std::size_t capacity = 1'000'000)
      : readings(capacity, WhenFull::kDropOldestAndCount) {}

  HandClock clock;
  SeriesRegistry series;
  Counters counters;
  BoundedQueue<Reading> readings;
  Environment environment{readings, series, counters, clock, 7};

  /// All that is in the queue, without waiting.
  std::vector<Reading> Take() {
    std::vector<Reading> taken;
    readings.PopAll(taken, clock.Boot(), clock, {});
    return taken;
  }

  std::uint64_t Rejected(std::string_view reason, std::string_view signal = {}) {
    Labels labels{{"driver", "test"}, {"reason", std::string(reason)}};
    labels.Set("signal", signal);
    return counters.Get(kInputRejectedTotal, labels).value();
  }
};

/// `vehicle_speed_kmh 36 good`.
inline std::string Show(const Reading& reading) {
  std::string value = std::to_string(reading.value);
  while (value.ends_with('0')) value.pop_back();
  if (value.ends_with('.')) value.pop_back();
  return ToString(*reading.series) + " " + value + " " + std::string(ToString(reading.quality));
}

}  // namespace fleet_edge::drivers
