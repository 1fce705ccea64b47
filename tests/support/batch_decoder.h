#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"

namespace fleet_edge {

/// One reading as a consumer of the hub has it.
struct DecodedReading {
  std::string signal;
  std::map<std::string, std::string> labels;
  std::int64_t time_us = 0;
  double value = 0;
  fleet::v1::Quality quality = fleet::v1::QUALITY_GOOD;
};

/// `SIGNAL_ENGINE_RPM` is `engine_rpm`.
inline std::string SignalName(fleet::v1::Signal signal) {
  std::string name = fleet::v1::Signal_Name(signal).substr(std::string("SIGNAL_").size());
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return name;
}

/// Sums that wrap, as a consumer's 64-bit integers do.
inline std::int64_t Plus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

inline std::vector<std::int64_t> DecodeTimes(const fleet::v1::Times& times, std::int64_t base) {
  const std::int64_t unit = times.unit_us() == 0 ? 1'000 : times.unit_us();
  std::vector<std::int64_t> decoded;
  std::int64_t at = 0;
  std::int64_t interval = 0;
  for (int i = 0; i < times.deltas_size(); ++i) {
    if (i == 0) {
      at = times.deltas(0);
    } else {
      interval = Plus(interval, times.deltas(i));
      at = Plus(at, interval);
    }
    decoded.push_back(Plus(base, at * unit));
  }
  return decoded;
}

/// Decodes a fleet.v1.TelemetryBatch by the words of telemetry.proto alone: what a consumer writes.
inline std::vector<DecodedReading> Decode(const fleet::v1::TelemetryBatch& batch) {
  std::vector<DecodedReading> readings;
  for (const fleet::v1::Row& row : batch.rows()) {
    readings.push_back({row.signal(),
                        {row.labels().begin(), row.labels().end()},
                        row.time_us(),
                        row.value(),
                        row.quality()});
  }
  for (const fleet::v1::Series& series : batch.series()) {
    DecodedReading reading;
    reading.quality = series.quality();
    reading.signal = series.signal() != fleet::v1::SIGNAL_UNSPECIFIED
                         ? SignalName(series.signal())
                         : batch.strings(static_cast<int>(series.name()) - 1);
    for (int i = 0; i + 1 < series.labels_size(); i += 2) {
      reading.labels[batch.strings(static_cast<int>(series.labels(i)))] =
          batch.strings(static_cast<int>(series.labels(i + 1)));
    }
    const auto times =
        DecodeTimes(batch.times(static_cast<int>(series.times())), batch.base_time_us());
    const double power = std::pow(10, series.decimals());
    std::int64_t scaled = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      const int at = static_cast<int>(i);
      if (series.plain_size() == 0) scaled += series.scaled(at);
      reading.time_us = times[i];
      reading.value =
          series.plain_size() == 0 ? static_cast<double>(scaled) / power : series.plain(at);
      readings.push_back(reading);
    }
  }
  return readings;
}

}  // namespace fleet_edge
