#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/known_series.h"

namespace fleet_edge::rules {

/// What is wrong with an alert's condition that nothing in it filters by value: it holds as long as
/// there are readings, whatever they are. Nothing when something filters, when rules record what it
/// asks for (their expressions may filter), and for `vector(1)`, which nobody writes by mistake.
std::optional<ExpressionError> DoubtThatItFilters(const Expr& condition, const KnownSeries& known);

/// The labels that a condition's text says its series have, sorted: those that matchers, groupings
/// and `on` ask for.
std::vector<std::string> LabelsNamedIn(const Expr& condition);

}  // namespace fleet_edge::rules
