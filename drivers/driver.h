#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"

namespace fleet_edge::drivers {

/// What every driver is given. All of it outlives the drivers.
struct Environment {
  BoundedQueue<Reading>&
      readings;  ///< where readings go; drops the oldest and counts when the pipeline is behind
  SeriesRegistry& series;
  Counters& counters;
  const Clock& clock;
  std::uint16_t driver = 0;  ///< what the driver writes into Reading::driver
};

/// A source of readings: reads a device or a socket and hands readings on.
///
/// Owned by App. Run() is called once, on a thread of the driver's own; it may block on its device
/// alone, goes on through every failure of the device (counts it, logs it once, tries again with
/// backoff) and returns within a second of a stop.
///
/// What can't be read is counted by the driver under kInputRejectedTotal, with a reason of
/// drivers/rejections.h. What can be read but not believed goes into the queue as kSuspect or
/// kStale and is counted by the agent's quality gate, which also judges range and time.
class Driver {
 public:
  Driver() = default;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  virtual ~Driver() = default;

  /// As configured; the label `driver` of its counters.
  virtual const std::string& name() const = 0;

  /// Returns at a stop, or when the source has ended for good (the end of a recording).
  virtual void Run(std::stop_token stop) = 0;
};

}  // namespace fleet_edge::drivers
