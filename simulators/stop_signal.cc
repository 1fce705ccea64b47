#include "simulators/stop_signal.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX's, <csignal> lacks sigtimedwait

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "core/timespec.h"

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
  const sigset_t signals = StopSignals();
  while (!raised_) {
    const nanoseconds left =
        std::max<nanoseconds>(when - std::chrono::steady_clock::now(), nanoseconds::zero());
    const timespec timeout = ToTimespec(left);
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
