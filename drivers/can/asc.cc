#include "drivers/can/asc.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

constexpr int kHex = 16;
constexpr int kDecimal = 10;
constexpr Duration kLongest =
    std::chrono::seconds{1'000'000'000};  // thirty years: no log is longer

/// The next word, which is taken off `text`; in lower case, since writers differ.
std::string NextWord(std::string_view& text) {
  text = Trim(text);
  std::string word(text.substr(0, text.find_first_of(" \t")));
  text.remove_prefix(word.size());
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

/// `Tue Nov 14 22:13:20 2023`, `Thu Apr 20 10:26:43.123 pm 2023`.
std::optional<UtcTime> DateIn(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
  NextWord(text);  // the day of the week
  const auto month = std::ranges::find(kMonths, NextWord(text)) - kMonths.begin();
  const auto day = ParseInteger<unsigned>(NextWord(text));
  const std::string clock = NextWord(text);
  std::string year = NextWord(text);
  const std::string half = year == "am" || year == "pm" ? year : std::string();
  if (!half.empty()) year = NextWord(text);
  auto hour = ParseInteger<unsigned>(clock.substr(0, clock.find(':')));
  if (!day || !hour || clock.find(':') == std::string::npos) return std::nullopt;
  if (!half.empty()) *hour = *hour % 12 + (half == "pm" ? 12 : 0);
  std::array<char, 32> front{};
  std::snprintf(front.data(), front.size(), "%s-%02u-%02uT%02u", year.c_str(),
                static_cast<unsigned>(month + 1), *day, *hour);
  return ParseUtcTime(front.data() + clock.substr(clock.find(':')) + "Z");
}

std::optional<Duration> SecondsIn(std::string_view word) {
  const auto seconds = ParseNumber(word);
  if (!seconds || *seconds < 0 || *seconds > ToSeconds(kLongest)) return std::nullopt;
  return std::chrono::microseconds{std::llround(*seconds * 1e6)};
}

/// `18FEF100x`.
bool ReadIdentifier(std::string_view word, int base, CanFrame& frame) {
  constexpr std::uint32_t kExtendedMask = 0x1FFF'FFFF;
  constexpr std::uint32_t kStandardMask = 0x7FF;
  frame.extended = word.ends_with('x');
  if (frame.extended) word.remove_suffix(1);
  const auto id = ParseInteger<std::uint32_t>(word, base);
  if (!id || *id > (frame.extended ? kExtendedMask : kStandardMask)) return false;
  frame.id = *id;
  return true;
}

/// What follows the channel: `18FEF100x Rx d 8 FF …`, with more behind the data that is not read.
bool ReadFrame(std::string_view text, int base, CanFrame& frame) {
  if (!ReadIdentifier(NextWord(text), base, frame)) return false;
  const std::string direction = NextWord(text);
  if (direction != "rx" && direction != "tx" && direction != "txrq") return false;
  const std::string type = NextWord(text);
  if (type == "r") {
    frame.kind = CanFrame::Kind::kRemote;
    return true;
  }
  const auto length = ParseInteger<std::uint8_t>(NextWord(text), kHex);
  // A length of 9 to 15 means eight bytes (ISO 11898-1, 8.4.2.4).
  if (type != "d" || !length || *length > 15) return false;
  while (frame.length < std::min<std::size_t>(*length, frame.bytes.size())) {
    const auto byte = ParseInteger<std::uint8_t>(NextWord(text), base);
    if (!byte) return false;
    frame.bytes.at(frame.length++) = *byte;
  }
  return true;
}

}  // namespace

bool AscDecoder::ReadHead(std::string_view line) {
  const std::string keyword = NextWord(line);
  if (keyword == "base") {
    base_ = NextWord(line) == "dec" ? kDecimal : kHex;
    NextWord(line);  // timestamps
    relative_ = NextWord(line) == "relative";
  } else if (keyword == "date" || keyword == "begin") {
    if (keyword == "begin") NextWord(line);  // Triggerblock
    since_start_ = {};
    const auto date = DateIn(line);
    if (!fixed_ && date) start_ = date;
  } else {
    // `internal events logged`, `no internal events logged`, `End TriggerBlock`, and comments.
    return keyword == "internal" || keyword == "no" || keyword == "end" ||
           keyword.starts_with("//");
  }
  return true;
}

AscLine AscDecoder::Decode(std::string_view line) {
  std::string_view rest = line;
  const auto stamp = SecondsIn(NextWord(rest));
  if (!stamp) return ReadHead(line) ? AscLine{} : AscLine{.refused = reason::kMalformed};
  const Duration since = relative_ ? since_start_ + *stamp : *stamp;
  if (since > kLongest) return {.frame = {}, .time = {}, .refused = reason::kBadTime};
  since_start_ = since;
  const std::string channel = NextWord(rest);
  if (channel == "start") return {};  // of measurement
  AscLine read;
  const std::string_view event = Trim(rest);
  if (!start_) {
    read.refused = reason::kBadTime;
  } else if (!ParseInteger<unsigned>(channel) || event.starts_with("Statistic")) {
    read.refused = reason::kUnreadType;
  } else {
    read.time = *start_ + since_start_;
    CanFrame& frame = read.frame.emplace();
    if (event.starts_with("ErrorFrame")) {
      frame.kind = CanFrame::Kind::kError;
    } else if (!ReadFrame(event, base_, frame)) {
      read = {.frame = {}, .time = {}, .refused = reason::kMalformed};
    }
  }
  return read;
}

bool LooksLikeAsc(std::string_view line) {
  const std::string word = NextWord(line);
  return word == "date" || (word == "base" && !Trim(line).empty());
}

}  // namespace fleet_edge::drivers
