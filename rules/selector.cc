#include "rules/selector.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <regex>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "core/series.h"
#include "rules/label_pool.h"

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

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

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

bool Matcher::Matches(std::string_view label) const {
  switch (op) {
    case Op::kEqual:
      return label == value;
    case Op::kNotEqual:
      return label != value;
    case Op::kMatch:
      return pattern->Matches(label);
    case Op::kNotMatch:
      return !pattern->Matches(label);
  }
  return false;
}

std::string_view ToString(Matcher::Op op) {
  static constexpr std::array<std::string_view, 4> kNames{"=", "!=", "=~", "!~"};
  return kNames.at(static_cast<std::size_t>(op));
}

bool Selector::Matches(const Series& series) const {
  return std::ranges::all_of(matchers, [&](const Matcher& matcher) {
    return matcher.Matches(matcher.name == kNameLabel ? std::string_view(series.name)
                                                      : series.labels.Get(matcher.name));
  });
}

std::string_view Selector::name() const {
  for (const Matcher& matcher : matchers) {
    if (matcher.name == kNameLabel && matcher.op == Matcher::Op::kEqual) return matcher.value;
  }
  return {};
}

std::string ToString(const Selector& selector) {
  std::string text(selector.name());
  std::string inside;
  bool name_taken = false;
  for (const Matcher& matcher : selector.matchers) {
    if (!name_taken && matcher.name == kNameLabel && matcher.op == Matcher::Op::kEqual) {
      name_taken = true;
      continue;
    }
    if (!inside.empty()) inside += ',';
    inside.append(matcher.name).append(ToString(matcher.op)).append(Quoted(matcher.value));
  }
  if (!inside.empty() || text.empty()) text += "{" + inside + "}";
  return text;
}

}  // namespace fleet_edge::rules
