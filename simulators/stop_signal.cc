#include "simulators/stop_signal.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX's, <csignal> lacks sigtimedwait

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

namespace fleet_edge::simulators {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool StopSignal::WaitUntil(std::chrono::steady_clock::time_point when) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  const sigset_t signals = StopSignals();
  while (!raised_) {
    const nanoseconds left =
        std::max<nanoseconds>(when - std::chrono::steady_clock::now(), nanoseconds::zero());
    const auto whole = std::chrono::duration_cast<seconds>(left);
    const timespec timeout{.tv_sec = whole.count(), .tv_nsec = (left - whole).count()};
    raised_ = sigtimedwait(&signals, nullptr, &timeout) > 0;
    if (!raised_ && errno == EAGAIN) break;
  }
  return raised_;
}

void StopSignal::Wait() {
  const sigset_t signals = StopSignals();
  while (!raised_) raised_ = sigwaitinfo(&signals, nullptr) > 0;
}

}  // namespace fleet_edge::simulators
