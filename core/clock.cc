#include "core/clock.h"

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX

#include <atomic>
#include <chrono>

#include "core/time.h"

namespace fleet_edge {
namespace {

Duration Read(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return std::chrono::seconds{now.tv_sec} +
         std::chrono::duration_cast<Duration>(std::chrono::nanoseconds{now.tv_nsec});
}

Duration WallOffset() { return Read(CLOCK_REALTIME) - Read(CLOCK_BOOTTIME); }

}  // namespace

SystemClock::SystemClock() : offset_us_(WallOffset().count()) {}

UtcTime SystemClock::Now() const {
  return UtcTime{Read(CLOCK_BOOTTIME) + Duration{offset_us_.load(std::memory_order_relaxed)}};
}

BootTime SystemClock::Boot() const { return BootTime{Read(CLOCK_BOOTTIME)}; }

Duration SystemClock::Drift() const {
  return WallOffset() - Duration{offset_us_.load(std::memory_order_relaxed)};
}

void SystemClock::Relatch() { offset_us_.store(WallOffset().count(), std::memory_order_relaxed); }

}  // namespace fleet_edge
