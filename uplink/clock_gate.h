#pragma once

#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::uplink {

/// Keeps TLS waiting for a clock that is set: before it is, every certificate is from the future.
/// Not for ever: a box whose clock nobody sets may have certificates of its own time.
///
/// A part of the Kafka publisher, used on its thread. Borrows `clock`.
class ClockGate {
 public:
  /// Open from the start on unless it is `needed`.
  ClockGate(bool needed, const Clock& clock);

  /// Open once the clock is set, or ten minutes are over. What is open stays so.
  bool IsOpen();

 private:
  const Clock& clock_;
  const BootTime end_of_patience_;
  bool open_;
};

}  // namespace fleet_edge::uplink
