#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/series.h"
#include "rules/pattern.h"

namespace fleet_edge::rules {

/// One condition on a label: `zone=~"1|2"`. The metric's name is the label `__name__`.
struct Matcher {
  enum class Op : std::uint8_t { kEqual, kNotEqual, kMatch, kNotMatch };

  std::string name;
  Op op = Op::kEqual;
  std::string value;
  std::optional<Pattern> pattern{};  ///< of kMatch and kNotMatch

  bool Matches(std::string_view label) const;
};

std::string_view ToString(Matcher::Op op);

/// Which series an expression asks for: those that all matchers hold for. A value.
struct Selector {
  std::vector<Matcher> matchers;

  bool Matches(const Series& series) const;

  /// The name that an equality on `__name__` asks for; empty when there is none.
  std::string_view name() const;
};

/// All series of one name.
Selector SelectorOf(std::string_view name);

/// `text` as a string literal of PromQL.
std::string Quoted(std::string_view text);

/// As PromQL writes it: `cargo_celsius{zone="1"}`. Two selectors with the same text match the same
/// series.
std::string ToString(const Selector& selector);

}  // namespace fleet_edge::rules
