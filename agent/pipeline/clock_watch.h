#pragma once

#include <optional>

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// When the wall clock has stepped (first GNSS fix, NTP) makes `clock` follow it and returns by how
/// much; nothing when it has not. Called by the pipeline alone.
std::optional<Duration> TakeClockStep(SystemClock& clock);

/// Whether the kernel's clock is kept in step by NTP or GNSS (adjtimex(2)).
bool ClockSynced();

}  // namespace fleet_edge::agent
