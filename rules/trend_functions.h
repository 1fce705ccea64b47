#pragma once

#include <optional>
#include <vector>

#include "rules/evaluation.h"
#include "rules/expression_error.h"
#include "rules/function.h"

namespace fleet_edge::rules {

/// Functions over time of where a value is heading, with Prometheus's order of operations. Nothing
/// with fewer than two samples.

/// Slope per second by linear regression.
std::optional<double> Deriv(const SeriesWindow& window);

/// The value that the regression has some seconds after the instant. scalars: these seconds.
std::optional<double> PredictLinear(const SeriesWindow& window, Scalars scalars,
                                    Evaluation& evaluation);

/// Smoothed by Holt's linear method. scalars: smoothing factor, trend factor; fails when one does
/// not lie between 0 and 1.
std::optional<double> DoubleExponentialSmoothing(const SeriesWindow& window, Scalars scalars,
                                                 Evaluation& evaluation);

/// The factors that are literals.
void CheckSmoothing(const CallExpr& call, std::vector<ExpressionError>& errors);

}  // namespace fleet_edge::rules
