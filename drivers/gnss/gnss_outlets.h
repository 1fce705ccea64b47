#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/driver.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gnss_time.h"
#include "drivers/outlets.h"

namespace fleet_edge::drivers {

/// Where a receiver's reports leave its driver: Outlets with a series for each value.
///
/// One thread: the driver's.
class GnssOutlets {
 public:
  /// `environment`'s parts outlive it. `driver`: the label of its counters.
  GnssOutlets(const std::string& driver, Duration stale_after, const Environment& environment);

  /// Hands a report on, at its own time where GnssTime believes it, else now. A time that is known
  /// and not believed, or put right, is counted under reason bad_time, and told once.
  void Put(const GnssReport& report);

  /// Counts a line or a message that can't be used.
  void Refuse(std::string_view reason) { outlets_.Refuse(reason); }

  /// Hands on what has fallen silent, as stale.
  void MarkSilent() { outlets_.MarkSilent(); }

  /// The device is another one, or has been away: its time has to prove itself anew.
  void Reopen() {
    time_ = {};
    told_ = {};
  }

  /// The signals of kGnssValues.
  static std::vector<std::string> Signals();

 private:
  void Note(GnssTime::Verdict verdict, const GnssReport& report, UtcTime now);

  const std::string driver_;
  const Environment environment_;
  Outlets outlets_;
  std::array<std::size_t, kGnssValues.size()> places_{};  // in outlets_
  GnssTime time_;
  struct {
    bool rolled_over = false;
    bool apart = false;
  } told_;  // in the log, since Reopen()
};

}  // namespace fleet_edge::drivers
