#pragma once

#include <optional>

#include "rules/evaluation.h"
#include "rules/function.h"

namespace fleet_edge::rules {

/// The `…_over_time` functions, each with Prometheus's order of operations, NaN and ±Inf included.
/// Names are PromQL's.

std::optional<double> AvgOverTime(const SeriesWindow& window);
std::optional<double> SumOverTime(const SeriesWindow& window);
std::optional<double> CountOverTime(const SeriesWindow& window);
std::optional<double> StdvarOverTime(const SeriesWindow& window);
std::optional<double> FirstOverTime(const SeriesWindow& window);
std::optional<double> LastOverTime(const SeriesWindow& window);

/// 1, whatever the samples are.
std::optional<double> PresentOverTime(const SeriesWindow& window);

/// The median of the distances from the median. NaN when one of the values is.
std::optional<double> MadOverTime(const SeriesWindow& window);

/// scalars: φ. Outside [0, 1] it yields ∓Inf; NaN sorts before all values.
std::optional<double> QuantileOverTime(const SeriesWindow& window, Scalars scalars,
                                       Evaluation& evaluation);

}  // namespace fleet_edge::rules
