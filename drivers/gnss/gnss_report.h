#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
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
  bool doubtful = false;  ///< the receiver says so: a simulation, typed in by hand, unsafe
};

/// A value of the report and the signal that it becomes, both in the catalogue's unit.
struct GnssValue {
  std::string_view signal;
  std::optional<double> GnssReport::* value;
};
inline constexpr std::array<GnssValue, 8> kGnssValues{{
    {"latitude_deg", &GnssReport::latitude_deg},
    {"longitude_deg", &GnssReport::longitude_deg},
    {"altitude_m", &GnssReport::altitude_m},
    {"heading_deg", &GnssReport::heading_deg},
    {"gnss_speed_kmh", &GnssReport::speed_kmh},
    {"gnss_hdop", &GnssReport::hdop},
    {"gnss_satellites", &GnssReport::satellites},
    {"gnss_fix", &GnssReport::fix},
}};

/// Hands each value of an epoch on once, however often the epoch is told. One thread.
class GnssOnce {
 public:
  /// What of `epoch` has not been handed on since Reset(), with its time; nothing when all has.
  std::optional<GnssReport> Take(const GnssReport& epoch);

  /// Another epoch begins.
  void Reset() { told_ = {}; }

 private:
  std::array<bool, kGnssValues.size()> told_{};
};

/// The series that a recording's reports become; GnssOutlets does it for a receiver.
///
/// One thread. The registry outlives the readings.
class GnssSeries {
 public:
  GnssSeries(SeriesRegistry& registry, std::uint16_t driver);

  /// Appends a reading for each value of the report; none when it has no time.
  void Append(const GnssReport& report, std::vector<Reading>& out) const;

 private:
  std::array<const Series*, kGnssValues.size()> series_{};  // null where the registry was full
  std::uint16_t driver_;
};

}  // namespace fleet_edge::drivers
