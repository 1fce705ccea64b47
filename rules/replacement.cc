#include "rules/replacement.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/pattern.h"

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kLongestNumber = 8;  // digits; of a longer one there is no group

std::size_t BytesOfCharacter(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xC0) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Whether a group's name may hold `character`: letters and digits of any script, `_`.
bool IsOfName(std::string_view character) {
  static const std::optional<Pattern> kPattern = [] {
    std::string why;
    return Pattern::Compile(R"([\pL\p{Nd}_])", why);
  }();
  return kPattern && kPattern->Matches(character);
}

/// How much at the start of `text` can be a group's name.
std::size_t NameLength(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && IsOfName(text.substr(length, BytesOfCharacter(text[length]))))
    length += BytesOfCharacter(text[length]);
  return length;
}

/// The name at the start of `text`, plain or in braces, which it takes away. Nothing when there is
/// none.
std::optional<std::string_view> TakeName(std::string_view& text) {
  const bool braces = text.starts_with('{');
  const std::string_view from_name = text.substr(braces ? 1 : 0);
  const std::size_t length = NameLength(from_name);
  if (length == 0 || (braces && !from_name.substr(length).starts_with('}'))) return std::nullopt;
  text = from_name.substr(length + (braces ? 1 : 0));
  return from_name.substr(0, length);
}

}  // namespace

Replacement::Replacement(Pattern pattern, std::string_view text) : pattern_(std::move(pattern)) {
  for (std::size_t dollar = text.find('$'); dollar != std::string_view::npos;
       dollar = text.find('$')) {
    rest_ += text.substr(0, dollar);
    text.remove_prefix(dollar + 1);
    if (text.starts_with('$')) {
      rest_ += '$';
      text.remove_prefix(1);
    } else if (const auto name = TakeName(text)) {
      pieces_.push_back({std::exchange(rest_, {}), GroupOf(*name)});
    } else {
      rest_ += '$';
    }
  }
  rest_ += text;
}

std::optional<std::string> Replacement::Apply(std::string_view subject) const {
  const std::optional<std::vector<std::string_view>> groups = pattern_.Groups(subject);
  if (!groups) return std::nullopt;
  std::string result;
  for (const auto& [text, group] : pieces_) {
    result += text;
    if (group >= 0 && static_cast<std::size_t>(group) < groups->size())
      result += (*groups)[static_cast<std::size_t>(group)];
  }
  return result + rest_;
}

int Replacement::GroupOf(std::string_view name) const {
  const bool digits = std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
  const bool leading_zero = name.size() > 1 && name.front() == '0';
  if (!digits || leading_zero || name.size() > kLongestNumber)
    return pattern_.GroupCalled(name).value_or(-1);
  int number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

}  // namespace fleet_edge::rules
