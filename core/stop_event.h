#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <stop_token>

#include "core/file_descriptor.h"

namespace fleet_edge {

/// Makes a stop visible to poll(2): fd() becomes readable with it, and stays so.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& stop)
      : file_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), ring_(stop, Ring{file_.get()}) {}
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;
  ~StopEvent() = default;

  /// Negative when no file descriptor is left: poll(2) passes it over.
  int fd() const { return file_.get(); }

 private:
  struct Ring {
    int file;
    void operator()() const {
      const std::uint64_t one = 1;
      (void)!::write(file, &one, sizeof(one));
    }
  };

  const FileDescriptor file_;
  const std::stop_callback<Ring> ring_;
};

}  // namespace fleet_edge
