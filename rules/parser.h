#pragma once

#include <string_view>

#include "rules/expr.h"

namespace fleet_edge::rules {

/// Parses one PromQL expression with PromQL's precedence; ToString() of the result tells how it was
/// read. Any text is safe: at most 2,000 tokens, nested at most 100 deep. Throws ExpressionError at
/// the first thing that is wrong, or that PromQL has and this engine has not. Types are not looked
/// at: that is CheckTypes()'s.
ExprPtr ParseExpression(std::string_view text);

}  // namespace fleet_edge::rules
