#include "agent/pipeline/clock_watch.h"

#include <sys/timex.h>

#include <chrono>
#include <optional>

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::agent {

std::optional<Duration> TakeClockStep(SystemClock& clock) {
  const Duration drift = clock.Drift();
  // What NTP slews stays far below.
  if (std::chrono::abs(drift) <= std::chrono::seconds{1}) return std::nullopt;
  clock.Relatch();
  return drift;
}

bool ClockSynced() {
  timex state{};  // modes 0: reads only
  return ntp_adjtime(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
}

}  // namespace fleet_edge::agent
