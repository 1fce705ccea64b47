#pragma once

#include "core/time.h"

namespace fleet_edge::drivers {

/// When a frame came, or when it is now. A value.
struct CanTime {
  UtcTime utc;    ///< of readings
  BootTime boot;  ///< for ages: the clock that doesn't step, of a recording the frames' time

  static CanTime Recorded(UtcTime time) { return {time, BootTime{time - UtcTime{}}}; }
};

}  // namespace fleet_edge::drivers
