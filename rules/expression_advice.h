#pragma once

#include <vector>

#include "core/time.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/known_series.h"

namespace fleet_edge::rules {

/// One piece of advice, and where in the expression it applies.
struct ExpressionAdvice {
  ExpressionError text;
  bool of_vehicle = false;  ///< mended in the configuration, for all expressions at once
};

/// What is legal in `expr` but wrong on a vehicle whose group is evaluated every `interval`: names
/// that nothing produces, ranges that leave gaps, series without a bound.
std::vector<ExpressionAdvice> AdviseOnExpression(const Expr& expr, Duration interval,
                                                 const KnownSeries& known);

}  // namespace fleet_edge::rules
