#pragma once

#include <atomic>

namespace fleet_edge::drivers {

/// Has Paho's receiving thread rest 2 ms instead of 100 from Begin() to End(), while a connection
/// is made or there.
///
/// Paho 1.3 sleeps for 100 ms when there is no socket, and its thread begins before there is one:
/// the first connection of a process would always wait that long. It does so, too, each time when
/// nothing has come for a second, and doesn't hear what comes then. Paho has no setting for it, so
/// this brings a usleep(3) of its own, which all libraries of the process find before libc's;
/// without haste it sleeps as libc's does, signals or not.
///
/// Any thread. Begin() and End() may be called more than once in a row.
class PahoHaste {
 public:
  PahoHaste() = default;
  ~PahoHaste() { End(); }
  PahoHaste(const PahoHaste&) = delete;
  PahoHaste& operator=(const PahoHaste&) = delete;

  void Begin();
  void End();

 private:
  std::atomic<bool> on_ = false;
};

}  // namespace fleet_edge::drivers
