#include "agent/pipeline/driver_life.h"

#include <spdlog/spdlog.h>
#include <sys/poll.h>

#include <chrono>
#include <exception>
#include <random>
#include <stop_token>

#include "core/counters.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "drivers/io/reconnect_delay.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kLongestDelay = seconds{60};

}  // namespace

void DriverLife::Run(const std::stop_token& stop) const {
  Counter& failures = environment_.counters.Get(kDriverFailuresTotal, {{"driver", spec_.name()}});
  const StopEvent stopped(stop);
  drivers::ReconnectDelay delay(seconds{1}, kLongestDelay);
  std::minstd_rand random{std::random_device{}()};
  while (!stop.stop_requested()) {
    const BootTime began = environment_.clock.Boot();
    try {
      spec_.Make(environment_)->Run(stop);
      return;
    } catch (const std::exception& error) {
      failures.Add();
      if (environment_.clock.Boot() - began >= kLongestDelay) delay.Reset();
      const Duration wait = delay.Next(std::uniform_real_distribution<>(0, 1)(random));
      spdlog::error(
          "driver {}: failed: {}. This is a bug; it is started anew in {}, the others go on",
          spec_.name(), error.what(), ToString(std::chrono::floor<milliseconds>(wait)));
      pollfd event{.fd = stopped.fd(), .events = POLLIN, .revents = 0};
      ::poll(&event, 1, static_cast<int>(std::chrono::ceil<milliseconds>(wait).count()));
    }
  }
}

}  // namespace fleet_edge::agent
