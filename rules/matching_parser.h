#pragma once

#include "rules/expr.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {

/// Parses what stands between the operator `op` and its right side: `on (…)`, `ignoring (…)` and
/// behind them `group_left (…)` or `group_right (…)`. All may be missing. Throws ExpressionError.
Matching TakeMatching(TokenReader& reader, BinaryOp op);

}  // namespace fleet_edge::rules
