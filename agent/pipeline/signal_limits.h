#pragma once

#include <optional>

#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// What a fleet knows of its own vehicles about one signal, tighter than the catalogue. A value.
struct SignalLimits {
  std::optional<double> min{};  ///< of a value, in the signal's unit
  std::optional<double> max{};
  std::optional<double> max_rate{};  ///< of its change, in the signal's unit a second
};

/// Keys of the configuration's `quality.signals.<name>`.
void Describe(Section& section, SignalLimits& limits);

/// Tells whether one series changes faster than it can.
///
/// A value is held against the last one that was believed, and may be further from it the longer
/// ago that is: a spike is refused alone, and after a real jump by S the series is believed again
/// S / max_rate seconds later. Less than a second counts as a second, so that noise of a fast
/// sensor is no change.
///
/// One thread.
class RateCheck {
 public:
  /// False when the value can't be. Precondition: it is finite.
  bool Believes(double max_rate, double value, UtcTime time);

 private:
  struct Believed {
    double value;
    UtcTime time;
  };
  std::optional<Believed> last_;
};

}  // namespace fleet_edge::agent
