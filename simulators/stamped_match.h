#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {

/// What an interface without a clock said of a series.
struct Said {
  UtcTime time;  ///< by the clock here
  double value = 0;
  bool nothing = false;  ///< from now on there is nothing to see
};

/// A good reading of that series, with the agent's time.
struct Heard {
  UtcTime time;
  double value;
};

/// What became of something said, or where something heard came from. A value.
struct StampedFinding {
  enum class Kind : std::uint8_t {
    kArrived,
    kMissing,     ///< said, and not heard
    kDuplicated,  ///< heard twice
    kAltered,     ///< another value was said then
    kInvented,    ///< nothing was said then
    kOther,       ///< before or after all that was said
  };

  Kind kind;
  UtcTime time;          ///< of what was said, or else of what was heard
  std::size_t said = 0;  ///< which, from 0; of kArrived, kMissing
  double truth = 0;      ///< of kAltered
  double heard = 0;      ///< of kAltered
};

/// Of a series of Stamp::kArrival: each value said is heard once, in order, not before it was said
/// and at most two seconds later. `said` and `heard` are in the order of time, and every `said` has
/// a value. Pure.
///
/// Where two equal values are said within two seconds and the first is lost, the second is found
/// missing: the numbers are right, the place may be one further.
std::vector<StampedFinding> MatchArrivals(const std::string& signal, std::span<const Said> said,
                                          std::span<const Heard> heard);

/// Of a series of Stamp::kLook: each value heard was to be seen then, up to a second before the
/// agent's time: reading a sensor takes a while. What was to be seen for 1.5 s and longer is heard
/// at least once. Both in the order of time. Pure.
std::vector<StampedFinding> MatchLooks(const std::string& signal, std::span<const Said> said,
                                       std::span<const Heard> heard);

}  // namespace fleet_edge::simulators
