#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"

namespace fleet_edge::drivers {

/// Reads the log format of GENIVI's positioning services, one sample a line and no checksums:
/// `milliseconds,countdown,$TYPE,milliseconds,…`, the second time being the sample's own, on the
/// clock of the device. GVGNSTIM ties that clock to UTC; until the first one samples have no time.
/// Field by field a bit of the last column says whether it is valid; without a fix the logger
/// repeats the last position under valid bits, so the fix's state is asked first.
///
/// Pure; one thread.
class GeniviDecoder {
 public:
  /// In the vehicle's axes (ISO 8855).
  struct Acceleration {
    std::optional<double> longitudinal_mps2;  ///< forwards
    std::optional<double> lateral_mps2;       ///< to the left
    std::optional<double> vertical_mps2;      ///< upwards
  };

  /// What one line holds. `gnss.time` is the time of either.
  struct Sample {
    GnssReport gnss;
    Acceleration acceleration;
  };

  /// Reads one line into `sample`, which stays empty for a line that only tells the time. Returns
  /// why it is refused: a reason of drivers/rejections.h.
  std::optional<std::string_view> Decode(std::string_view line, Sample& sample);

 private:
  using Fields = std::span<const std::string_view>;

  /// Each: false when a field can't be read.
  bool ReadTime(Fields fields, std::chrono::milliseconds stamp);
  static bool ReadPosition(Fields fields, GnssReport& report);
  static bool ReadAcceleration(Fields fields, Acceleration& acceleration);

  std::optional<UtcTime> boot_;  // UTC at zero of the device's clock, by the last GVGNSTIM
};

}  // namespace fleet_edge::drivers
