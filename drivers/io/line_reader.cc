#include "drivers/io/line_reader.h"

#include <algorithm>
#include <cstddef>
#include <ios>
#include <istream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace fleet_edge::drivers {

LineReader::LineReader(std::unique_ptr<std::istream> stream)
    : stream_(std::move(stream)), buffer_(2 * kMaxLine) {}

std::optional<LineReader::Line> LineReader::Next() {
  std::size_t scanned = 0;  // of the line that begins at begin_
  while (true) {
    const std::string_view rest(buffer_.data() + begin_, end_ - begin_);
    const std::size_t stop = rest.find_first_of("\r\n", scanned);
    if (stop == std::string_view::npos && rest.size() <= kMaxLine) {
      scanned = rest.size();
      if (Fill()) continue;
      if (rest.empty() || skipping_) return std::nullopt;
      return Cut(rest.size());
    }
    const std::size_t size = std::min(stop, rest.size());
    if (skipping_) {
      skipping_ = stop == std::string_view::npos;
      begin_ += skipping_ ? size : size + 1;
      scanned = 0;
    } else if (size == 0) {
      ++begin_;
    } else {
      return Cut(size);
    }
  }
}

std::optional<LineReader::Line> LineReader::Cut(std::size_t size) {
  const bool too_long = size > kMaxLine;
  const std::size_t taken = too_long ? kMaxLine : size;
  const Line line{{buffer_.data() + begin_, taken}, too_long};
  begin_ += taken;
  skipping_ = too_long;
  return line;
}

bool LineReader::Fill() {
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  stream_->read(buffer_.data() + end_, static_cast<std::streamsize>(buffer_.size() - end_));
  const auto read = static_cast<std::size_t>(stream_->gcount());
  end_ += read;
  return read > 0;
}

}  // namespace fleet_edge::drivers
