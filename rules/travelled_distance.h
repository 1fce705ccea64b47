#pragma once

#include <optional>

#include "core/time.h"
#include "rules/geodesy.h"

namespace fleet_edge::rules {

/// Where a vehicle was at a time.
struct GeoFix {
  UtcTime time;
  GeoPosition position;
};

/// The way that a vehicle has gone, from the fixes of its receiver in order of time.
///
/// - A fix counts once it is 25 m from the last one that counted, so that a parked receiver's
///   wandering adds up to nothing; bends that are cut so cost a car between 1 and 2 % of its way.
/// - A fix that could be reached only faster than 250 km/h is doubted. If the next fixes go on from
///   there rather than from where the vehicle was believed to be, the vehicle is there, and the
///   hop itself is left out: real traces hold hops of 30,000 km/h.
///
/// A value.
class TravelledDistance {
 public:
  void Add(const GeoFix& fix);

  /// False before the first fix.
  bool has_fix() const { return believed_.has_value(); }
  double metres() const { return metres_; }

 private:
  /// Fixes that follow from one another.
  struct Track {
    GeoPosition counted;
    GeoFix last;

    bool CanReach(const GeoFix& fix) const;
    /// The metres that `fix` adds.
    double Extend(const GeoFix& fix);
  };

  std::optional<Track> believed_;
  std::optional<Track> doubted_;
  double metres_ = 0;
};

}  // namespace fleet_edge::rules
