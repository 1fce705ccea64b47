#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "core/file_descriptor.h"
#include "core/stop_event.h"
#include "drivers/io/line_buffer.h"

namespace fleet_edge::drivers {

/// Lines from a serial port or a connection, as they come.
///
/// One thread: the driver's.
class LineStream {
 public:
  enum class Event {
    kBytes,    ///< something has come
    kPause,    ///< nothing has
    kStopped,  ///< the stop
    kGone,     ///< the other end has closed, or the device is unplugged: why()
  };
  /// A line without its end; of one that is too long its beginning.
  using OnLine = std::function<void(std::string_view line, bool too_long)>;

  /// Reads on `file` don't wait. Lines longer than `max_line` bytes are skipped to their end.
  LineStream(FileDescriptor file, std::size_t max_line)
      : file_(std::move(file)), lines_(max_line) {}

  /// Waits for bytes, no longer than `pause` or until the stop, and reads once.
  Event Wait(std::chrono::milliseconds pause, const StopEvent& stopped, const OnLine& on_line);

  /// Sends all of `text` over a connection; false when that can't be done at once.
  bool Send(std::string_view text);

  /// Bytes heard in all.
  std::size_t bytes() const { return bytes_; }

  /// For people.
  const std::string& why() const { return why_; }

 private:
  const FileDescriptor file_;
  LineBuffer lines_;
  std::size_t bytes_ = 0;
  std::string why_;
};

}  // namespace fleet_edge::drivers
