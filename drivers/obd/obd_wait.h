#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "core/clock.h"
#include "core/stop_event.h"
#include "core/time.h"

namespace fleet_edge::drivers {

/// How an OBD-II driver waits: for its device, for a turn; never beyond a stop, and with what has
/// to be looked after in the meantime.
///
/// One thread: the driver's. Borrows all it is given.
class ObdWait {
 public:
  enum class Outcome : std::uint8_t {
    kReady,  ///< the device has something to read, or is gone
    kLate,   ///< the deadline has passed
    kStopped,
  };

  ObdWait(const StopEvent& stopped, const Clock& clock, std::function<void()> meanwhile)
      : stopped_(stopped), clock_(clock), meanwhile_(std::move(meanwhile)) {}

  /// Waits until `file` can be read, the deadline or the stop. A negative `file`: for the others.
  Outcome For(int file, BootTime deadline) const;

  Outcome Until(BootTime deadline) const { return For(-1, deadline); }

  BootTime now() const { return clock_.Boot(); }
  const StopEvent& stopped() const { return stopped_; }

 private:
  const StopEvent& stopped_;
  const Clock& clock_;
  const std::function<void()> meanwhile_;
};

}  // namespace fleet_edge::drivers
