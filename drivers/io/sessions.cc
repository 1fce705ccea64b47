#include "drivers/io/sessions.h"

#include <spdlog/spdlog.h>
#include <sys/poll.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <stop_token>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "drivers/io/reconnect_delay.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kFirstDelay = seconds{1};
constexpr Duration kLongestDelay = seconds{60};
constexpr Duration kLasting = seconds{10};  // a session that shows that the device works

}  // namespace

Sessions::Sessions(std::string driver, const Clock& clock, Session session,
                   std::function<void()> meanwhile)
    : driver_(std::move(driver)),
      clock_(clock),
      session_(std::move(session)),
      meanwhile_(std::move(meanwhile)) {}

void Sessions::Run(const std::stop_token& stop, const StopEvent& stopped) {
  ReconnectDelay delay(kFirstDelay, kLongestDelay);
  std::minstd_rand random{std::random_device{}()};
  std::string last;
  bool told = false;  // that the device is read, since `last` was told
  while (!stop.stop_requested()) {
    const BootTime began = clock_.Boot();
    const std::string why = session_([&] {
      if (!std::exchange(told, true)) spdlog::info("driver {}: reads its device", driver_);
    });
    if (stop.stop_requested()) return;
    const bool lasted = clock_.Boot() - began >= kLasting;
    if (lasted) delay.Reset();
    if (why != last || lasted) {
      spdlog::warn("driver {}: {} Trying again", driver_, why.ends_with('?') ? why : why + ".");
      told = false;
    }
    last = why;
    Duration left = delay.Next(std::uniform_real_distribution<>(0, 1)(random));
    while (left > Duration{0} && !stop.stop_requested()) {
      const Duration part = std::min<Duration>(left, seconds{1});
      pollfd event{.fd = stopped.fd(), .events = POLLIN, .revents = 0};
      ::poll(&event, 1, static_cast<int>(std::chrono::ceil<milliseconds>(part).count()));
      left -= part;
      meanwhile_();
    }
  }
}

}  // namespace fleet_edge::drivers
