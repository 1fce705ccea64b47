#include "drivers/can/candump.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

// linux/can.h
constexpr std::uint32_t kErrorFlag = 0x2000'0000;
constexpr std::uint32_t kExtendedMask = 0x1FFF'FFFF;
constexpr std::uint32_t kStandardMask = 0x7FF;
constexpr std::size_t kStandardDigits = 3;

constexpr int kHex = 16;
constexpr std::size_t kMicroDigits = 6;

/// The text up to the next blank, which is taken off `line`.
std::string_view NextWord(std::string_view& line) {
  line = Trim(line);
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

/// `(1700000000.123456)`: seconds and six digits, read without the rounding of a double.
std::optional<UtcTime> TimeIn(std::string_view word) {
  if (!word.starts_with('(') || !word.ends_with(')')) return std::nullopt;
  word = word.substr(1, word.size() - 2);
  const std::size_t dot = word.find('.');
  if (dot == std::string_view::npos || word.size() - dot - 1 != kMicroDigits) return std::nullopt;
  const auto seconds = ParseInteger<std::uint32_t>(word.substr(0, dot));
  const auto micros = ParseInteger<std::uint32_t>(word.substr(dot + 1));
  if (!seconds || !micros) return std::nullopt;
  return UtcTime{std::chrono::seconds{*seconds} + std::chrono::microseconds{*micros}};
}

bool ReadIdentifier(std::string_view word, CanFrame& frame) {
  const auto id = ParseInteger<std::uint32_t>(word, kHex);
  if (!id) return false;
  frame.extended = word.size() > kStandardDigits;
  if (frame.extended && (*id & kErrorFlag) != 0) {
    frame.kind = CanFrame::Kind::kError;
    frame.extended = false;
    frame.id = *id & kExtendedMask;
    return true;
  }
  frame.id = *id;
  return *id <= (frame.extended ? kExtendedMask : kStandardMask);
}

bool AddByte(std::string_view digits, CanFrame& frame) {
  const auto byte = ParseInteger<std::uint8_t>(digits, kHex);
  if (!byte || digits.size() != 2 || frame.length == frame.bytes.size()) return false;
  frame.bytes.at(frame.length++) = *byte;
  return true;
}

/// `18FEF100#FFFF`, `7DF#R`, `7DF#R8`.
bool ReadCompact(std::string_view word, CanFrame& frame) {
  const std::size_t hash = word.find('#');
  if (!ReadIdentifier(word.substr(0, hash), frame)) return false;
  std::string_view data = word.substr(hash + 1);
  if (data.starts_with('R')) {
    frame.kind = CanFrame::Kind::kRemote;
    return data.size() == 1 || (data.size() == 2 && data[1] >= '0' && data[1] <= '8');
  }
  for (; !data.empty(); data.remove_prefix(std::min<std::size_t>(2, data.size()))) {
    if (data.starts_with('.')) data.remove_prefix(1);  // between bytes, to help the eye
    if (!AddByte(data.substr(0, 2), frame)) return false;
  }
  return true;
}

/// What follows the identifier: `[8]  FF FF …` or `[0]  remote request`.
bool ReadSpaced(std::string_view line, CanFrame& frame) {
  const std::string_view length = NextWord(line);
  if (length.size() != 3 || length.front() != '[' || length.back() != ']') return false;
  if (Trim(line) == "remote request") {
    frame.kind = CanFrame::Kind::kRemote;
    return true;
  }
  const auto count = ParseInteger<std::size_t>(length.substr(1, 1));
  if (!count) return false;
  // Behind the bytes there may be text: the same as characters, or what an error means.
  for (std::size_t byte = 0; byte < *count; ++byte) {
    if (!AddByte(NextWord(line), frame)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> ReadCandump(std::string_view line, UtcTime& time, CanFrame& frame) {
  const auto stamp = TimeIn(NextWord(line));
  if (!stamp) return reason::kBadTime;
  time = *stamp;
  frame = {};
  NextWord(line);  // the interface
  const std::string_view word = NextWord(line);
  if (word.find("##") != std::string_view::npos) return reason::kUnreadType;
  const bool read = word.find('#') != std::string_view::npos
                        ? ReadCompact(word, frame)
                        : ReadIdentifier(word, frame) && ReadSpaced(line, frame);
  if (!read) return reason::kMalformed;
  return std::nullopt;
}

bool LooksLikeCandump(std::string_view line) { return TimeIn(NextWord(line)).has_value(); }

}  // namespace fleet_edge::drivers
