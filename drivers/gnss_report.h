#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge::drivers {

/// What a GNSS receiver says of one moment; what it doesn't say is not there. A value.
struct GnssReport {
  std::optional<UtcTime> time;
  std::optional<double> latitude_deg;
  std::optional<double> longitude_deg;
  std::optional<double> altitude_m;  ///< above mean sea level
  std::optional<double> heading_deg;
  std::optional<double> speed_kmh;
  std::optional<double> hdop;
  std::optional<double> satellites;  ///< used in the fix
  std::optional<double> fix;         ///< 1 none, 2 two-dimensional, 3 three-dimensional
};

/// The series that a GnssReport becomes.
///
/// One thread. The registry outlives the readings.
class GnssSeries {
 public:
  GnssSeries(SeriesRegistry& registry, std::uint16_t driver);

  /// Appends a reading for each value of the report; none when it has no time.
  void Append(const GnssReport& report, std::vector<Reading>& out) const;

 private:
  struct Slot {
    std::optional<double> GnssReport::* value;
    const Series* series;  // null where the registry was full
  };
  static constexpr std::size_t kSlots = 8;

  std::array<Slot, kSlots> slots_;
  std::uint16_t driver_;
};

}  // namespace fleet_edge::drivers
