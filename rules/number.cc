#include "rules/number.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace fleet_edge::rules {
namespace {

template <typename... Base>
std::optional<std::uint64_t> ParseWhole(std::string_view text, Base... base) {
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, base...);
  if (error != std::errc{} || at != end) return std::nullopt;
  return value;
}

/// The text without its underscores; nothing when one does not stand between digits.
std::optional<std::string> WithoutUnderscores(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      plain += text[i];
    } else if (i == 0 || i + 1 == text.size() || text[i + 1] == '_') {
      return std::nullopt;
    }
  }
  return plain;
}

}  // namespace

std::optional<double> ParseNumber(std::string_view text) {
  const std::optional<std::string> plain = WithoutUnderscores(text);
  if (!plain) return std::nullopt;
  const std::string_view digits = *plain;
  std::optional<std::uint64_t> whole;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    whole = ParseWhole(digits.substr(2), 16);
    if (!whole) return std::nullopt;
  } else if (digits.size() > 1 && digits.front() == '0') {
    whole = ParseWhole(digits, 8);
  }
  if (whole) return static_cast<double>(*whole);
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || at != end) return std::nullopt;
  return value;
}

}  // namespace fleet_edge::rules
