#pragma once

#include <vector>

#include "rules/expr.h"
#include "rules/expression_error.h"

namespace fleet_edge::rules {

/// All places in `expr` whose types don't fit, and `expr` itself when it is neither a scalar nor an
/// instant vector.
std::vector<ExpressionError> CheckTypes(const Expr& expr);

}  // namespace fleet_edge::rules
