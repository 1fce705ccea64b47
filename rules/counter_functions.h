#pragma once

#include <optional>

#include "rules/function.h"

namespace fleet_edge::rules {

/// Functions over time of how a value steps from sample to sample, with Prometheus's order of
/// operations. A counter's fall is a reset: it began anew at 0. All but Resets() and Changes() have
/// nothing with fewer than two samples.

/// Change from the window's start to its end, extrapolated to its whole width.
std::optional<double> Delta(const SeriesWindow& window);

/// Growth of a counter, extrapolated; Rate() per second.
std::optional<double> Increase(const SeriesWindow& window);
std::optional<double> Rate(const SeriesWindow& window);

/// `idelta` and `irate`: between the last two samples.
std::optional<double> InstantDelta(const SeriesWindow& window);
std::optional<double> InstantRate(const SeriesWindow& window);

std::optional<double> Resets(const SeriesWindow& window);
std::optional<double> Changes(const SeriesWindow& window);

}  // namespace fleet_edge::rules
