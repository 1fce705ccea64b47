#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace fleet_edge::drivers {

/// Cuts a stream into lines, which end with a line feed, a carriage return or both; empty ones are
/// left out. Holds one buffer, whatever the stream's size.
///
/// One thread.
class LineReader {
 public:
  static constexpr std::size_t kMaxLine = 64 << 10;  ///< bytes

  struct Line {
    std::string_view text;  ///< valid until the next call
    bool too_long;          ///< longer than kMaxLine: `text` is its beginning, the rest is skipped
  };

  explicit LineReader(std::unique_ptr<std::istream> stream);

  /// Nothing at the end of the stream, or when it can't be read on.
  std::optional<Line> Next();

  /// True when the stream didn't end but can't be read on.
  bool failed() const { return stream_->bad(); }

 private:
  /// Makes room and reads on; false at the end.
  bool Fill();
  std::optional<Line> Cut(std::size_t size);

  std::unique_ptr<std::istream> stream_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of what is not handed out yet
  std::size_t end_ = 0;
  bool skipping_ = false;  // the rest of a line that was too long
};

}  // namespace fleet_edge::drivers
