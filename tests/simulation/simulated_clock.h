#pragma once

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::simulation {

/// A clock that is cranked by hand: its UTC steps, and its boot time begins anew with each boot.
class SimulatedClock : public Clock {
 public:
  UtcTime Now() const override { return UtcTime{elapsed_ + offset_}; }
  BootTime Boot() const override { return BootTime{elapsed_ - booted_}; }

  /// Since the life began, through all boots.
  Duration elapsed() const { return elapsed_; }

  void AdvanceTo(Duration elapsed) { elapsed_ = elapsed; }

  /// As a wall clock that is set.
  void StepBy(Duration step) { offset_ += step; }

  /// The machine boots, its clock says `now`.
  void Reboot(UtcTime now) {
    booted_ = elapsed_ - Duration{1};
    offset_ = now.time_since_epoch() - elapsed_;
  }

 private:
  Duration elapsed_{0};
  Duration booted_{0};
  Duration offset_{0};
};

}  // namespace fleet_edge::simulation
