#pragma once

#include <chrono>
#include <string_view>
#include <utility>

#include "core/labels.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"

namespace fleet_edge::rules {

/// When the fuzzers' world begins: a round moment.
inline constexpr UtcTime kFuzzStart{std::chrono::seconds{1'700'000'000}};

/// Gives `engine` a few seconds of a drive, under names that the corpora use: gaps, a negative
/// value, a counter that falls, a series that ends.
inline void AddSamples(SeriesRegistry& registry, Engine& engine) {
  const auto add = [&](std::string_view name, const Labels& labels, int second, double value) {
    engine.Add({registry.Find(name, labels), kFuzzStart + std::chrono::seconds{second}, value,
                Quality::kGood});
  };
  for (int second = 1; second <= 20; ++second) {
    add("x", {}, second, second % 7 - 3);
    if (second % 3 != 0) add("y", {{"zone", "1"}}, second, second * 1.5);
    if (second < 8) add("y", {{"zone", "2"}, {"side", "left"}}, second, -second);
    add("engine_coolant_celsius", {}, second, 90 + second);
    add("vehicle_speed_kmh", {}, second, 100 - second);
    add("latitude_deg", {}, second, 50 + second * 1e-4);
    add("longitude_deg", {}, second, 10);
  }
  engine.End(*registry.Find("y", {{"zone", "2"}, {"side", "left"}}),
             kFuzzStart + std::chrono::seconds{9});
}

}  // namespace fleet_edge::rules
