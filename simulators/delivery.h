#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {

/// A telemetry batch as a consumer reads it: rebuilt from telemetry.proto's comments alone. A
/// value.
struct Delivery {
  struct Reading {
    std::size_t series;  ///< index into `series`
    UtcTime time;
    double value;
    bool good;
  };

  std::string vehicle;
  std::uint64_t epoch = 0;
  std::uint64_t seq = 0;
  std::vector<SeriesName> series;
  std::vector<Reading> readings;
};

/// Errors: kCorrupt, the bytes are no batch, or contradict themselves; counted as altered.
Result<Delivery> DecodeDelivery(std::string_view bytes);

}  // namespace fleet_edge::simulators
