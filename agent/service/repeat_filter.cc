#include "agent/service/repeat_filter.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fleet_edge::agent {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Of a name or a number, in ASCII or beyond.
bool IsInWord(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// The message without its numbers: attempts, ports and durations change from repeat to repeat. A
/// word that begins with a letter is a name, and `probe7` is not `probe8`.
std::string KindOf(std::string_view message) {
  std::string kind;
  bool in_word = false;
  bool is_name = false;
  for (const char c : message) {
    if (!in_word) is_name = !IsDigit(c) && c != '-';
    in_word = IsInWord(c);
    if (is_name || !IsDigit(c)) kind += c;
  }
  return kind;
}

}  // namespace

std::optional<std::uint64_t> RepeatFilter::Pass(std::string_view message, Time now) {
  std::string text = KindOf(message);
  if (kinds_.size() >= limits_.kinds && !kinds_.contains(text)) kinds_.clear();
  Kind& kind = kinds_[std::move(text)];
  if (now >= kind.since + limits_.period || now < kind.since) {
    kind.since = now;
    kind.passed = 0;
  }
  if (kind.passed >= limits_.burst) {
    ++kind.held_back;
    return std::nullopt;
  }
  ++kind.passed;
  return std::exchange(kind.held_back, 0);
}

}  // namespace fleet_edge::agent
