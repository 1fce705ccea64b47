#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/parser.h"
#include "rules/type_check.h"

namespace fleet_edge::rules {

/// The normal form of `text`.
inline std::string Read(std::string_view text) { return ToString(*ParseExpression(text)); }

inline std::string ToText(const ExpressionError& error) {
  std::string text = std::to_string(error.offset);
  text.append(": ").append(error.what).append(". ").append(error.mend);
  return text;
}

/// `offset: what. mend` of the first thing that is wrong, or "fine".
inline std::string Refusal(std::string_view text) {
  try {
    const auto errors = CheckTypes(*ParseExpression(text));
    return errors.empty() ? "fine" : ToText(errors.front());
  } catch (const ExpressionError& error) {
    return ToText(error);
  }
}

/// Checks that `text` is refused at `offset` with words that hold `part`.
inline void Refuses(std::string_view text, std::size_t offset, std::string_view part) {
  const std::string refusal = Refusal(text);
  INFO(text, ": ", refusal);
  const bool there = refusal.starts_with(std::to_string(offset) + ": ");
  const bool said = refusal.find(part) != std::string::npos;
  CHECK(there);
  CHECK(said);
}

}  // namespace fleet_edge::rules
