#pragma once

#include <chrono>

namespace fleet_edge::simulators {

/// SIGTERM and SIGINT as an event to wait for.
///
/// Made first thing in main(), before any thread: it blocks both signals, and threads inherit that.
/// Used on the main thread.
class StopSignal {
 public:
  StopSignal();

  /// Sleeps until `when` or a signal. True when the signal has come, now or before.
  bool WaitUntil(std::chrono::steady_clock::time_point when);

  /// Sleeps until a signal.
  void Wait();

  /// True when a signal has come; doesn't wait.
  bool raised() { return WaitUntil({}); }

 private:
  bool raised_ = false;
};

}  // namespace fleet_edge::simulators
