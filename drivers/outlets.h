#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/counters.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "core/unit.h"
#include "drivers/driver.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

/// Where a driver's values leave it: a series each, with its conversion, what it last said and
/// when. Counts what is handed on and what is refused.
///
/// One thread: the driver's. A series that is silent for longer than `stale_after` is handed on
/// once more, with its last value, as stale.
class Outlets {
 public:
  /// `environment`'s parts outlive it. `driver`: the label of its counters.
  Outlets(std::string driver, Duration stale_after, const Environment& environment);

  /// Returns the outlet's number, from 0. Where the registry is full its values are counted under
  /// reason series_limit.
  std::size_t Add(const SignalTarget& target);

  /// `value` in the source's unit, measured at `time`. Leaves with the next Flush().
  void Put(std::size_t outlet, double value, UtcTime time, Quality quality = Quality::kGood);

  /// Counts a value that can't be used: a reason of drivers/rejections.h.
  void Refuse(std::size_t outlet, std::string_view reason);

  /// Counts a line, frame or message that can't be used.
  void Refuse(std::string_view reason);

  /// Hands on what was put since the last call.
  void Flush();

  /// Hands on the series that have fallen silent, as stale; call it a few times in `stale_after`.
  void MarkSilent();

 private:
  struct Outlet {
    const Series* series;  // null where the registry was full
    std::string signal;
    UnitConversion conversion;
    double last = 0;                  // handed on, converted
    std::optional<BootTime> heard{};  // nothing: never, or told to be stale
  };

  const std::string driver_;
  const Duration stale_after_;
  const Environment environment_;
  const Rejections rejections_;
  Counter& accepted_;
  std::vector<Outlet> outlets_;
  std::vector<Reading> readings_;
};

}  // namespace fleet_edge::drivers
