#pragma once

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX

#include <chrono>
#include <cstdint>
#include <optional>

namespace fleet_edge::agent {

/// What the outside asks of the daemon.
enum class Request : std::uint8_t {
  kStop,    ///< SIGTERM, SIGINT
  kReload,  ///< SIGHUP: read the rules anew
};

/// Receives the process's signals as values, on the main thread.
///
/// Made before any other thread starts: it blocks the signals, threads inherit that, and nothing is
/// interrupted anywhere. SIGPIPE is ignored for good: a broken connection is an error code. Blocked
/// until it is destroyed.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// The next request; nothing when none has come within `timeout`.
  std::optional<Request> Wait(std::chrono::milliseconds timeout) const;

  /// Has the process stop as if someone had asked for it. Any thread.
  static void RequestStop();

 private:
  sigset_t handled_{};
};

}  // namespace fleet_edge::agent
