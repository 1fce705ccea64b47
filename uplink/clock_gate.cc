#include "uplink/clock_gate.h"

#include <chrono>

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::uplink {
namespace {

// A clock before it has not been set: this program is younger.
constexpr UtcTime kSet{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};
constexpr Duration kPatience = std::chrono::minutes{10};

}  // namespace

ClockGate::ClockGate(bool needed, const Clock& clock)
    : clock_(clock), end_of_patience_(clock.Boot() + kPatience), open_(!needed) {}

bool ClockGate::IsOpen() {
  open_ = open_ || clock_.Now() >= kSet || clock_.Boot() >= end_of_patience_;
  return open_;
}

}  // namespace fleet_edge::uplink
