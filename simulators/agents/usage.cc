#include "simulators/agents/usage.h"

#include <sys/resource.h>
#include <sys/time.h>  // NOLINT(misc-include-cleaner): POSIX has timeval here

#include <chrono>
#include <cstdint>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agents {
namespace {

Duration ToDuration(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

}  // namespace

Usage UsageNow() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {.cpu = ToDuration(usage.ru_utime) + ToDuration(usage.ru_stime),
          .memory = KiB(static_cast<std::uint64_t>(usage.ru_maxrss))};
}

}  // namespace fleet_edge::agents
