#include "rules/scalar_position.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/diagnostic.h"
#include "core/yaml.h"

namespace fleet_edge::rules {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The index of `position` in `text`; its size when it lies behind the end.
std::size_t IndexOf(std::string_view text, Position position) {
  std::size_t line_start = 0;
  for (int line = 1; line < position.line; ++line) {
    const std::size_t end = text.find('\n', line_start);
    if (end == std::string_view::npos) return text.size();
    line_start = end + 1;
  }
  return std::min(text.size(),
                  line_start + static_cast<std::size_t>(std::max(0, position.column - 1)));
}

/// Where a block's or quoted scalar's value begins.
std::size_t SkipIndicator(std::string_view text, std::size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == '|' || text[at] == '>') return std::min(text.find('\n', at), text.size());
  return at + (text[at] == '"' || text[at] == '\'' ? 1 : 0);
}

/// Walks over the file's text as YAML reads it. Line breaks and indentation become other white
/// space or none, so that only what is not white space is held against the value.
std::optional<std::size_t> Align(std::string_view text, std::size_t at, char quote,
                                 std::string_view value) {
  for (const char c : value) {
    if (IsSpace(c)) continue;
    while (at < text.size() && IsSpace(text[at])) ++at;
    // An escape stands for the character behind it, a doubled quote for one.
    if (at < text.size() &&
        ((quote == '"' && text[at] == '\\') || (quote == '\'' && text[at] == '\'')))
      ++at;
    if (at >= text.size() || text[at] != c) return std::nullopt;
    ++at;
  }
  return at;
}

Position PositionOf(std::string_view text, std::size_t index) {
  const std::string_view before = text.substr(0, index);
  const std::size_t newline = before.rfind('\n');
  const std::size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(index - line_start) + 1};
}

}  // namespace

Position PositionInScalar(std::string_view file_text, const YamlNode& scalar, std::size_t offset) {
  const std::string_view value = scalar.text;
  const std::size_t start = IndexOf(file_text, scalar.position);
  if (start >= file_text.size()) return scalar.position;
  std::optional<std::size_t> at =
      Align(file_text, SkipIndicator(file_text, start), file_text[start], value.substr(0, offset));
  if (!at) return scalar.position;
  if (offset < value.size() && !IsSpace(value[offset])) {
    while (*at < file_text.size() && IsSpace(file_text[*at])) ++*at;
  }
  return PositionOf(file_text, *at);
}

}  // namespace fleet_edge::rules
