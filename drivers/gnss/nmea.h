#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea_sentence.h"

namespace fleet_edge::drivers {

/// Reads NMEA 0183 sentences RMC, GGA, GNS, GSA, VTG and ZDA of any talker and merges those of one
/// epoch (the same time of day) into one report: receivers repeat an epoch per satellite system,
/// GGA has no date, VTG and GSA not even a time. Within an epoch the first value of a field stays;
/// of satellites the highest number, since GGA may count those of one system alone.
///
/// No fix, no values but `fix` 1: status V or mode N of RMC (whatever its mode or position fields
/// say), quality 0 of GGA, or any but dead reckoning by 0 satellites, modes N alone of GNS. With a
/// fix, `fix` is what GSA says; without GSA it is 3 where an altitude is told, else 2.
///
/// The date is that of the last RMC or ZDA of an epoch with a fix: before the fix a receiver makes
/// one up. It rolls over at midnight.
///
/// Pure; one thread.
class NmeaDecoder {
 public:
  /// Reads one line. Returns why it is refused: a reason of drivers/rejections.h. When the line
  /// begins a new epoch, the last one's report is put into `done`; its time is missing when no date
  /// is known yet.
  std::optional<std::string_view> Decode(std::string_view line, std::optional<GnssReport>& done);

  /// The report of the open epoch, at the end of the input or when a receiver has paused. What is
  /// told is not told again: of sentences that come after it for the same epoch only what is new,
  /// of a receiver whose time stands still nothing.
  std::optional<GnssReport> Finish();

 private:
  /// A date and the time of day at which it was last right.
  struct Dated {
    std::chrono::sys_days date;
    Duration at;
  };

  /// Each: false when a field can't be read.
  bool ReadRmc(const NmeaSentence& fields, std::optional<GnssReport>& done);
  bool ReadGga(const NmeaSentence& fields, std::optional<GnssReport>& done);
  bool ReadGns(const NmeaSentence& fields, std::optional<GnssReport>& done);
  bool ReadGsa(const NmeaSentence& fields);
  bool ReadVtg(const NmeaSentence& fields);
  bool ReadZda(const NmeaSentence& fields, std::optional<GnssReport>& done);

  /// Takes what a sentence with a fix says into the epoch.
  void Merge(const GnssReport& report);

  /// Opens the epoch of `time_of_day` unless it is open.
  void Enter(Duration time_of_day, std::optional<GnssReport>& done);

  /// Takes note of a sentence that tells no time and no fix.
  void EnterUntimed();

  void Reset();

  /// `time_of_day` on the day that is nearest to the last one known.
  std::optional<UtcTime> Date(Duration time_of_day) const;

  NmeaSentence sentence_;
  std::optional<Duration> time_of_day_;  // of the open epoch
  GnssReport epoch_;
  GnssOnce once_;
  double mode_ = 0;                            // the highest that GSA says
  bool heard_ = false;                         // with or without a fix, since Finish()
  bool closed_ = false;                        // Finish() has told the epoch
  bool fixed_ = false;                         // a sentence of the epoch has a fix
  bool refused_ = false;                       // one says there is none
  std::optional<std::chrono::sys_days> date_;  // of the epoch, told by it
  std::optional<Dated> dated_;
};

}  // namespace fleet_edge::drivers
