#include "drivers/obd/obd_wait.h"

#include <sys/poll.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/time.h"

namespace fleet_edge::drivers {

using std::chrono::milliseconds;

ObdWait::Outcome ObdWait::For(int file, BootTime deadline) const {
  // The clock is asked at least so often: it is not poll's.
  constexpr Duration kSlice = milliseconds{100};
  for (;;) {
    const Duration left = std::clamp<Duration>(deadline - clock_.Boot(), Duration{0}, kSlice);
    std::array<pollfd, 2> events{{{.fd = file, .events = POLLIN, .revents = 0},
                                  {.fd = stopped_.fd(), .events = POLLIN, .revents = 0}}};
    ::poll(events.data(), events.size(),
           static_cast<int>(std::chrono::ceil<milliseconds>(left).count()));
    if (events[1].revents != 0) return Outcome::kStopped;
    if (events[0].revents != 0) return Outcome::kReady;
    meanwhile_();
    if (clock_.Boot() >= deadline) return Outcome::kLate;
  }
}

}  // namespace fleet_edge::drivers
