#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>

namespace fleet_edge::drivers {

/// `text` without blanks, tabs and line ends around it.
inline std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Reads the whole of `text` as a finite decimal number: no blanks, no hexadecimal, no `nan`.
inline std::optional<double> ParseNumber(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || at != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

/// Reads the whole of `text` as an integer that T holds, in `base`.
template <typename T>
std::optional<T> ParseInteger(std::string_view text, int base = 10) {
  T number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc{} || at != end) return std::nullopt;
  return number;
}

}  // namespace fleet_edge::drivers
