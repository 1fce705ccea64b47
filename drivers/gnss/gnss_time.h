#pragma once

#include <chrono>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"

namespace fleet_edge::drivers {

/// Judges what a GNSS receiver takes for the time. All readings of a vehicle share one clock, the
/// agent's; a receiver's is the better stamp of the moment it measured as long as the two agree.
///
/// One thread. Pure: the agent's time is an argument.
class GnssTime {
 public:
  enum class Verdict {
    kBelieved,
    kRolledOver,  ///< a whole number of 1024 weeks off, which is put right
    kUnknown,     ///< the report has no time, no fix, or too few before it: the agent's counts
    kApart,       ///< it contradicts the agent's clock: the agent's counts
  };
  struct Judged {
    Verdict verdict;
    UtcTime time;
  };

  /// A report's own time must lie within this of the agent's, both ways.
  static constexpr Duration kMostApart = std::chrono::minutes{1};

  /// Reports with a three-dimensional fix, in a row, before a time is believed: until then
  /// receivers show what they have kept, or made up.
  static constexpr int kFixes = 3;

  /// GPS tells weeks by ten bits (IS-GPS-200, 20.3.3.3.1.1): receivers that guess the others wrong
  /// are 1024 weeks behind, 19.6 years.
  static constexpr Duration kRollover = std::chrono::weeks{1024};

  /// `now`: the agent's time, at which the report came.
  Judged Judge(const GnssReport& report, UtcTime now);

 private:
  int fixes_ = 0;  // in a row, up to kFixes
};

}  // namespace fleet_edge::drivers
