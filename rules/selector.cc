#include "rules/selector.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "core/series.h"
#include "core/signal.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {
namespace {

/// True for a name that an expression reads as a metric without braces.
bool StandsAlone(std::string_view name) {
  static constexpr std::array<std::string_view, 11> kWords{
      "inf",  "nan", "and",      "or",         "unless",     "atan2",
      "bool", "on",  "ignoring", "group_left", "group_right"};
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return IsSignalName(name) && std::ranges::find(kWords, lower) == kWords.end();
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

bool Matcher::Matches(std::string_view label) const {
  switch (op) {
    case Op::kEqual:
      return label == value;
    case Op::kNotEqual:
      return label != value;
    case Op::kMatch:
      return pattern && pattern->Matches(label);
    case Op::kNotMatch:
      return pattern && !pattern->Matches(label);
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

Selector SelectorOf(std::string_view name) {
  return {
      {{.name = std::string(kNameLabel), .op = Matcher::Op::kEqual, .value = std::string(name)}}};
}

std::string ToString(const Selector& selector) {
  const bool named = StandsAlone(selector.name());
  std::string text(named ? selector.name() : std::string_view());
  std::string inside;
  bool name_taken = !named;
  for (const Matcher& matcher : selector.matchers) {
    if (!name_taken && matcher.name == kNameLabel && matcher.op == Matcher::Op::kEqual) {
      name_taken = true;
      continue;
    }
    if (!inside.empty()) inside += ',';
    inside.append(matcher.name).append(ToString(matcher.op)).append(Quoted(matcher.value));
  }
  if (!inside.empty() || !named) text += "{" + inside + "}";
  return text;
}

}  // namespace fleet_edge::rules
