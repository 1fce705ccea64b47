#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge {

/// When the recorded trip begins: any second will do.
inline constexpr UtcTime kTripStart{std::chrono::seconds{1'700'000'000}};

/// The readings of tests/data/trip/trip.csv, twenty a second, in the order of time. Throws where
/// the working directory is not the repository's root.
inline std::vector<Reading> RecordedTrip(SeriesRegistry& registry) {
  const std::string path = "tests/data/trip/trip.csv";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("can't read " + path);
  std::vector<const Series*> columns;  // null: the milliseconds after the second
  std::vector<Reading> readings;
  UtcTime second = kTripStart;
  for (std::string line, cell; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream cells(line);
    if (columns.empty()) {
      while (std::getline(cells, cell, ',')) {
        const std::size_t space = std::min(cell.find(' '), cell.size());
        const std::size_t equals = cell.find('=');
        Labels labels;
        if (space < equals && equals != std::string::npos) {
          labels.Set(cell.substr(space + 1, equals - space - 1), cell.substr(equals + 1));
        }
        const bool is_time = cell.ends_with("_ms");
        columns.push_back(is_time ? nullptr : registry.Find(cell.substr(0, space), labels));
      }
      continue;
    }
    UtcTime at = second;
    for (const Series* const series : columns) {
      std::getline(cells, cell, ',');
      const double value = std::strtod(cell.c_str(), nullptr);
      if (series == nullptr) {
        at = second + std::chrono::milliseconds{static_cast<int>(value)};
      } else {
        readings.push_back({.series = series, .time = at, .value = value});
      }
    }
    second += std::chrono::seconds{1};
  }
  return readings;
}

}  // namespace fleet_edge
