#include "agent/text/wording.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "core/utf8.h"

namespace fleet_edge::agent {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

/// How many bytes the first `columns` code points of `text` take.
std::size_t BytesOf(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  for (; bytes < text.size(); ++bytes) {
    if (IsContinuation(text[bytes])) continue;
    if (columns == 0) break;
    --columns;
  }
  return bytes;
}

/// Of one sequence of UTF-8.
std::uint32_t CodePoint(std::string_view sequence) {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(sequence[place]); };
  if (sequence.size() == 1) return byte(0);
  std::uint32_t code = byte(0) & (0xFFU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) code = code << 6U | (byte(i) & 0x3FU);
  return code;
}

/// C0, DEL and C1 (ECMA-48), line separators and Unicode's bidirectional marks (UAX #9).
bool Steers(std::string_view sequence) {
  const std::uint32_t code = CodePoint(sequence);
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

void AppendCode(std::string& out, std::uint32_t code) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), code < 0x100 ? "\\x%02x" : "\\u%04x", code);
  out += text.data();
}

}  // namespace

std::string Wording(Bytes bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto count = static_cast<double>(bytes.count);
  std::size_t unit = 0;
  for (; count >= 1024 && unit + 1 < kUnits.size(); ++unit) count /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), count == std::floor(count) ? "%.0f %s" : "%.1f %s", count,
                kUnits.at(unit));
  return text.data();
}

std::string Wording(Duration duration) {
  constexpr std::array kUnits{std::pair{86'400, 'd'}, std::pair{3600, 'h'}, std::pair{60, 'm'},
                              std::pair{1, 's'}};
  if (duration < std::chrono::seconds{1}) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1fs", std::max(0.0, ToSeconds(duration)));
    return text.data();
  }
  auto left = std::chrono::floor<std::chrono::seconds>(duration).count();
  const auto* unit = std::ranges::find_if(kUnits, [&](auto& one) { return left >= one.first; });
  std::string text = std::to_string(left / unit->first) + unit->second;
  left %= unit->first;
  ++unit;
  if (unit != kUnits.end() && left >= unit->first) {
    text += " " + std::to_string(left / unit->first) + unit->second;
  }
  return text;
}

std::string Wording(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t place = text.size(); place > 3;) {
    place -= 3;
    text.insert(place, 1, ',');
  }
  return text;
}

std::string Wording(std::uint64_t count, std::string_view noun) {
  return Wording(count).append(" ").append(noun).append(count == 1 ? "" : "s");
}

std::string Printable(std::string_view text) {
  const std::string valid = ValidUtf8(text);
  std::string shown;
  for (std::size_t at = 0; at < valid.size();) {
    const std::size_t length = Utf8SequenceLength(std::string_view(valid).substr(at));
    const std::string_view one = std::string_view(valid).substr(at, length);
    if (Steers(one)) {
      AppendCode(shown, CodePoint(one));
    } else {
      shown += one;
    }
    at += length;
  }
  return shown;
}

std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !IsContinuation(c); }));
}

std::string Fit(std::string_view text, std::size_t columns) {
  const std::size_t wide = Columns(text);
  if (wide <= columns) return std::string(text) + std::string(columns - wide, ' ');
  if (columns == 0) return {};
  return std::string(text.substr(0, BytesOf(text, columns - 1))) + "…";
}

std::vector<std::string> Wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = BytesOf(text, columns);
    if (end < text.size() && text[end] != ' ') {
      const std::size_t space = text.substr(0, end).rfind(' ');
      if (space != std::string_view::npos && space > 0) end = space;
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
  return lines;
}

}  // namespace fleet_edge::agent
