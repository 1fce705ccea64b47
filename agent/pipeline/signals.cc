#include "agent/pipeline/signals.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigtimedwait is POSIX
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <optional>

#include "core/timespec.h"

namespace fleet_edge::agent {
Signals::Signals() {
  sigemptyset(&handled_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&handled_, signal);
  pthread_sigmask(SIG_BLOCK, &handled_, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { pthread_sigmask(SIG_UNBLOCK, &handled_, nullptr); }

std::optional<Request> Signals::Wait(std::chrono::milliseconds timeout) const {
  const timespec limit = ToTimespec(timeout);
  const int signal = sigtimedwait(&handled_, nullptr, &limit);
  if (signal == SIGHUP) return Request::kReload;
  if (signal == SIGTERM || signal == SIGINT) return Request::kStop;
  return std::nullopt;
}

void Signals::RequestStop() { kill(getpid(), SIGTERM); }

}  // namespace fleet_edge::agent
