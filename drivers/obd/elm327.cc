#include "drivers/obd/elm327.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using Outcome = Elm327Answer::Outcome;

/// A message of the adapter's own, spaces left out (ELM327 data sheet, "Error Messages").
struct Notice {
  std::string_view text;
  Outcome outcome;
  std::string_view reason;  // of a line that is lost; or empty
};

constexpr std::array kNotices{
    Notice{"NODATA", Outcome::kSilent, {}},
    Notice{"UNABLETOCONNECT", Outcome::kSilent, {}},
    Notice{"ERROR", Outcome::kSilent, {}},  // what is left of BUS INIT: ...ERROR
    Notice{"CANERROR", Outcome::kSilent, reason::kBusError},
    Notice{"BUSERROR", Outcome::kSilent, reason::kBusError},
    Notice{"BUSBUSY", Outcome::kSilent, reason::kBusError},
    Notice{"FBERROR", Outcome::kSilent, reason::kBusError},
    Notice{"STOPPED", Outcome::kSilent, {}},
    Notice{"?", Outcome::kRefused, {}},
    Notice{"BUFFERFULL", Outcome::kAnswered, reason::kTooLarge},
    Notice{"DATAERROR", Outcome::kAnswered, reason::kChecksum},
    Notice{"RXERROR", Outcome::kAnswered, reason::kMalformed},
    Notice{"ACTALERT", Outcome::kAnswered, {}},
    Notice{"LPALERT", Outcome::kAnswered, {}},
    Notice{"!ACTALERT", Outcome::kAnswered, {}},
    Notice{"!LPALERT", Outcome::kAnswered, {}},
    Notice{"OK", Outcome::kAnswered, {}},
};

constexpr std::size_t kCanBytes = 8;
constexpr std::size_t kOtherBytes = 255;  // ISO 14230-2's longest

// ISO 15765-4: the control units' answers, by 11 bits and to the tester's address F1 by 29.
constexpr std::uint32_t kFirstUnit = 0x7E8;
constexpr std::uint32_t kLastUnit = 0x7EF;
constexpr std::string_view kToTester = "18DAF1";

// The receiver of an answer on the older buses (SAE J1979, table 2; ISO 14230-4).
constexpr std::uint32_t kAnyTester = 0x6B;
constexpr std::uint32_t kTester = 0xF1;

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

/// Precondition: `digits` are at most eight of them.
std::uint32_t Hex(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

/// Drops `prefix` and the dots behind it.
bool Drop(std::string_view prefix, std::string_view& line) {
  if (!line.starts_with(prefix)) return false;
  line.remove_prefix(prefix.size());
  line.remove_prefix(std::min(line.find_first_not_of('.'), line.size()));
  return true;
}

std::vector<std::uint8_t> Bytes(std::string_view digits) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 2 <= digits.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(Hex(digits.substr(i, 2))));
  }
  return bytes;
}

/// A line of digits: three of an 11-bit identifier make their number odd, which tells it from all
/// others. Nothing when it is no answer to a tester.
std::optional<Elm327Frame> ReadFrame(std::string_view digits) {
  Elm327Frame frame{.is_can = true};
  std::size_t header = 3;
  if (digits.size() % 2 == 0) {
    frame.is_can = digits.starts_with(kToTester);
    header = frame.is_can ? 8 : 6;
  }
  if (digits.size() < header + 2) return std::nullopt;
  frame.sender = Hex(digits.substr(0, header));
  frame.data = Bytes(digits.substr(header));
  if (!frame.is_can) {
    // ISO 9141-2, ISO 14230-4, SAE J1850: format, receiver, sender; a checksum, which the adapter
    // has judged, is last.
    const std::uint32_t receiver = frame.sender >> 8U & 0xFFU;
    if (receiver != kAnyTester && receiver != kTester) return std::nullopt;
    frame.sender &= 0xFFU;
    frame.data.pop_back();
    if (frame.data.empty() || frame.data.size() > kOtherBytes) return std::nullopt;
    return frame;
  }
  if (frame.data.size() > kCanBytes) return std::nullopt;
  const bool short_id = header == 3;
  if (short_id && (frame.sender < kFirstUnit || frame.sender > kLastUnit)) return std::nullopt;
  return frame;
}

/// True when `line` is one of the adapter's own messages.
bool ReadNotice(std::string_view line, Elm327Answer& answer) {
  const auto* const notice = std::ranges::find(kNotices, line, &Notice::text);
  if (notice == kNotices.end()) return false;
  if (notice->outcome != Outcome::kAnswered) answer.outcome = notice->outcome;
  if (!notice->reason.empty()) answer.refused.push_back(notice->reason);
  return true;
}

void ReadLine(std::string_view line, Elm327Answer& answer) {
  if (IsElm327Restart(line)) {
    answer.outcome = Outcome::kRestarted;
    answer.said = line;
    return;
  }
  const std::string_view whole = line;
  // Data may follow on the same line.
  if ((Drop("SEARCHING", line) || Drop("BUSINIT:", line)) && line.empty()) return;
  if (ReadNotice(line, answer)) {
    if (line != "OK") answer.said = whole;
    return;
  }
  // `<DATA ERROR` behind a message whose checksum is wrong.
  const std::size_t mark = line.find('<');
  if (mark != std::string_view::npos && ReadNotice(line.substr(mark + 1), answer)) return;
  if (std::ranges::all_of(line, IsHex)) {
    if (auto frame = ReadFrame(line)) {
      answer.frames.push_back(std::move(*frame));
      return;
    }
  }
  answer.refused.push_back(reason::kMalformed);
}

}  // namespace

std::vector<std::string> Elm327Lines(std::string_view text, std::string_view command) {
  std::vector<std::string> lines;
  std::string line;
  const auto end = [&] {
    if (!line.empty() && line != command) lines.push_back(line);
    line.clear();
  };
  for (const char byte : text) {
    if (byte == '\r' || byte == '\n') {
      end();
    } else if (byte > ' ' && byte <= '~' && byte != kElm327Prompt) {
      // Some send zeros, which the data sheet tells to pass over, and some lower case.
      line += byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
    }
  }
  end();
  return lines;
}

Elm327Answer ReadElm327Answer(std::span<const std::string> lines) {
  Elm327Answer answer;
  for (const std::string& line : lines) ReadLine(line, answer);
  // A unit that answered before another failed has answered.
  if (answer.outcome == Outcome::kSilent && !answer.frames.empty()) {
    answer.outcome = Outcome::kAnswered;
  }
  return answer;
}

bool IsElm327Restart(std::string_view line) {
  constexpr std::string_view kFailure = "ERR";
  return line.find("ELM327") != std::string_view::npos || line == "LVRESET" ||
         (line.size() == kFailure.size() + 2 && line.starts_with(kFailure) && line[3] >= '0' &&
          line[3] <= '9');
}

std::optional<double> ReadElm327Volts(std::string_view line) {
  if (!line.ends_with('V')) return std::nullopt;
  double volts = 0;
  const char* const end = line.data() + line.size() - 1;
  const auto [stop, error] = std::from_chars(line.data(), end, volts, std::chars_format::fixed);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return volts;
}

}  // namespace fleet_edge::drivers
