#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes the std::function inside std::regex for uninitialised when it also sanitises (GCC
// bug 105562).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "rules/pattern.h"

#include <cstddef>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kLongestPattern = 1'000;
constexpr std::size_t kLongestSubject = 4'096;  // a longer label matches no pattern

bool IsPlain(std::string_view text, std::size_t at, std::string_view among) {
  return at < text.size() && among.find(text[at]) != std::string_view::npos;
}

/// What RE2 reads otherwise than ECMAScript does; empty when there is no such thing.
std::string Foreign(std::string_view text) {
  bool in_brackets = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      const bool known = IsPlain(text, i + 1, "dDwWsSnrtfv.\\+*?()|[]{}^$-/\"' ") ||
                         (!in_brackets && IsPlain(text, i + 1, "bB"));
      if (!known) return "the escape '" + std::string(text.substr(i, 2)) + "'";
      ++i;
    } else if (c == '[' && !in_brackets) {
      in_brackets = true;
      if (IsPlain(text, i + 1, "^")) ++i;
      if (IsPlain(text, i + 1, "]")) return "']' right after '['";
    } else if (c == '[' && IsPlain(text, i + 1, ":.=")) {
      return "a class by name in brackets";
    } else if (c == ']') {
      in_brackets = false;
    } else if (in_brackets && static_cast<unsigned char>(c) >= 0x80) {
      return "a letter beyond ASCII in brackets";
    } else if (!in_brackets && c == '(' && IsPlain(text, i + 1, "?") &&
               !IsPlain(text, i + 2, ":")) {
      return "the group '" + std::string(text.substr(i, 3)) + "'";
    }
  }
  return {};
}

}  // namespace

std::optional<Pattern> Pattern::Compile(std::string_view text, std::string& why) {
  if (text.size() > kLongestPattern) {
    why = "is longer than 1000 characters";
    return std::nullopt;
  }
  if (const std::string foreign = Foreign(text); !foreign.empty()) {
    why = "holds " + foreign + ", which is not supported";
    return std::nullopt;
  }
  try {
    // __polynomial: the executor that keeps a set of states instead of trying every path.
    return Pattern(std::regex(text.begin(), text.end(),
                              std::regex::ECMAScript | std::regex_constants::__polynomial));
  } catch (const std::regex_error& error) {
    why = std::string("can't be read: ") + error.what();
    return std::nullopt;
  }
}

bool Pattern::Matches(std::string_view text) const {
  return text.size() <= kLongestSubject && std::regex_match(text.begin(), text.end(), regex_);
}

}  // namespace fleet_edge::rules
