#pragma once

#include <optional>

#include "rules/function.h"

namespace fleet_edge::rules {

/// The functions over time, each with Prometheus's order of operations, NaN and ±Inf included.
/// Names are PromQL's.

std::optional<double> AvgOverTime(const SeriesWindow& window);
std::optional<double> SumOverTime(const SeriesWindow& window);
std::optional<double> MinOverTime(const SeriesWindow& window);
std::optional<double> MaxOverTime(const SeriesWindow& window);
std::optional<double> CountOverTime(const SeriesWindow& window);
std::optional<double> StddevOverTime(const SeriesWindow& window);
std::optional<double> LastOverTime(const SeriesWindow& window);

/// Change from the window's start to its end, extrapolated to its whole width. Nothing with fewer
/// than two samples.
std::optional<double> Delta(const SeriesWindow& window);

/// Growth of a counter per second, resets accounted for, extrapolated. Nothing with fewer than two
/// samples.
std::optional<double> Rate(const SeriesWindow& window);

/// Slope per second by linear regression. Nothing with fewer than two samples.
std::optional<double> Deriv(const SeriesWindow& window);

}  // namespace fleet_edge::rules
