#include "agent/pipeline/signal_limits.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::agent {

void Describe(Section& section, SignalLimits& limits) {
  section.Key(
      "min", limits.min,
      "A value below it, in the signal's unit, is out of range: counted, uplinked, kept out "
      "of rules. Default: the catalogue's range.");
  section.Key("max", limits.max, "… or above this.");
  section.Key("max_rate", limits.max_rate,
              "A change by more than this from one reading to the next, or a second where they are "
              "further apart, is suspect: a loose contact, not a hot engine. "
              "After a real jump values are believed again once that much time has gone by.");
  if (limits.min && limits.max && *limits.min >= *limits.max) {
    section.Fail("min", "min is not below max", "Write a range that a value can be in");
  }
  if (limits.max_rate && !(*limits.max_rate > 0)) {
    section.Fail("max_rate", "a rate of 0 or less refuses every change",
                 "Write how much the signal can change in a second");
  }
}

bool RateCheck::Believes(double max_rate, double value, UtcTime time) {
  if (last_) {
    const double seconds = std::chrono::duration<double>(time - last_->time).count();
    const double possible = max_rate * std::max(1.0, std::abs(seconds));
    if (std::abs(value - last_->value) > possible) return false;
  }
  last_ = {value, time};
  return true;
}

}  // namespace fleet_edge::agent
