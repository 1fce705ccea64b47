#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fleet_edge::drivers {

/// Cuts what comes from a port or a socket, piece by piece, into lines, which end with a line feed,
/// a carriage return or both; empty ones are left out. LineReader does the same for files.
///
/// One thread.
class LineBuffer {
 public:
  /// Lines of at most `max_line` bytes; a longer one is told as too long and skipped to its end.
  explicit LineBuffer(std::size_t max_line) : max_line_(max_line) {}

  /// Calls `on_line(std::string_view line, bool too_long)` for each line that `bytes` completes;
  /// one that is too long is told by its beginning. The view is valid during the call.
  template <typename OnLine>
  void Take(std::string_view bytes, const OnLine& on_line) {
    while (!bytes.empty()) {
      const std::size_t stop = bytes.find_first_of("\r\n");
      const bool whole = stop != std::string_view::npos;
      const std::string_view part = bytes.substr(0, stop);
      bytes.remove_prefix(whole ? stop + 1 : bytes.size());
      if (!skipping_) line_.append(part.substr(0, max_line_ + 1 - line_.size()));
      if (line_.size() > max_line_) {
        line_.pop_back();
        on_line(std::string_view(line_), true);
        line_.clear();
        skipping_ = true;
      }
      if (!whole) continue;
      if (!line_.empty()) on_line(std::string_view(line_), false);
      line_.clear();
      skipping_ = false;
    }
  }

 private:
  const std::size_t max_line_;
  std::string line_;  // what has come of the next one
  bool skipping_ = false;
};

}  // namespace fleet_edge::drivers
