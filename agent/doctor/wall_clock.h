#pragma once

#include <optional>

#include "agent/doctor/finding.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {

/// What there is to know of the machine's wall clock. A value.
struct ClockFacts {
  UtcTime now{};
  bool synced = false;           ///< by the kernel's word
  std::optional<UtcTime> rtc{};  ///< what the battery-backed clock says; nothing: there is none
};

ClockFacts ProbeClock();

Finding JudgeClock(const ClockFacts& facts);

}  // namespace fleet_edge::agent::doctor
