#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss_report.h"

namespace fleet_edge::drivers {

/// Reads NMEA 0183 sentences RMC, GGA and VTG of any talker and merges those of one epoch (the same
/// time of day) into one report: receivers repeat an epoch per satellite system, GGA has no date
/// and VTG not even a time. Within an epoch the first value of a field stays.
///
/// No fix, no values: status V or mode N of RMC (whatever its mode or position fields say), quality
/// 0 of GGA, or any but dead reckoning by 0 satellites, mode N of VTG. The date is that of the last
/// RMC with a fix; it rolls over at midnight.
///
/// Pure; one thread.
class NmeaDecoder {
 public:
  /// Characters of a sentence without its line end. The standard says 80; receivers that write
  /// eight decimals of a minute reach 91. What is longer is two sentences run together.
  static constexpr std::size_t kMaxSentence = 102;

  /// Reads one line. Returns why it is refused: a reason of drivers/rejections.h. When the line
  /// begins a new epoch and the last one has a fix, that one is put into `done`; its time is
  /// missing when no date is known yet.
  std::optional<std::string_view> Decode(std::string_view line, std::optional<GnssReport>& done);

  /// The report of the open epoch, at the end of the input.
  std::optional<GnssReport> Finish();

 private:
  /// A date and the time of day at which it was last right.
  struct Dated {
    std::chrono::sys_days date;
    Duration at;
  };
  using Fields = std::span<const std::string_view>;

  /// Each: false when a field can't be read.
  bool ReadRmc(Fields fields, std::optional<GnssReport>& done);
  bool ReadGga(Fields fields, std::optional<GnssReport>& done);
  bool ReadVtg(Fields fields);

  /// Takes what a sentence with a fix says into the epoch.
  void Merge(const GnssReport& report);

  /// Opens the epoch of `time_of_day` unless it is open.
  void Enter(Duration time_of_day, std::optional<GnssReport>& done);

  std::optional<Duration> time_of_day_;  // of the open epoch
  GnssReport epoch_;
  bool fixed_ = false;    // a sentence of the epoch has a fix
  bool refused_ = false;  // one says there is none
  std::optional<Dated> dated_;
};

}  // namespace fleet_edge::drivers
