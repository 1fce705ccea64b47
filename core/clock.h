#pragma once

#include <atomic>

#include "core/time.h"

namespace fleet_edge {

/// Tells the time. Tests, replay and simulation use a HandClock; every part takes a `const Clock&`.
///
/// Any thread. Outlives whoever borrows it.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Event time: UTC by the latched offset. Never runs backwards, except that Relatch() of
  /// SystemClock moves it.
  virtual UtcTime Now() const = 0;

  /// Time of this boot, for deadlines and ages. Never runs backwards, never steps.
  virtual BootTime Boot() const = 0;
};

/// The machine's clock: CLOCK_BOOTTIME plus an offset to UTC that is latched, so that a step of the
/// wall clock does not disturb the order of what the rules see.
class SystemClock : public Clock {
 public:
  /// Latches the offset to the wall clock as it stands.
  SystemClock();

  UtcTime Now() const override;
  BootTime Boot() const override;

  /// How far the wall clock has gone from Now() (positive: the wall clock is ahead). A step shows
  /// as more than a second; what NTP slews stays far below.
  Duration Drift() const;

  /// Latches the offset anew. Called by the pipeline alone, which reports the step.
  void Relatch();

 private:
  std::atomic<Duration::rep> offset_us_;  // UTC − boot time
};

/// A clock that stands still until it is cranked.
class HandClock : public Clock {
 public:
  explicit HandClock(UtcTime start = UtcTime{Duration{1'700'000'000'000'000}}) : now_(start) {}

  UtcTime Now() const override { return now_; }
  BootTime Boot() const override { return BootTime{now_.load() - UtcTime{}}; }

  void Advance(Duration by) { now_ = now_.load() + by; }
  void Set(UtcTime now) { now_ = now; }

 private:
  std::atomic<UtcTime> now_;
};

}  // namespace fleet_edge
