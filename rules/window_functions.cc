#include "rules/window_functions.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/function.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {
namespace {

using Limits = std::numeric_limits<double>;

/// NaN counts as less than all others.
bool Less(double a, double b) {
  if (std::isnan(a)) return !std::isnan(b);
  return a < b;
}

/// The q-quantile of `values`, which it sorts, between two of them by their distance. Not empty.
double Quantile(double q, std::vector<double>& values) {
  if (std::isnan(q)) return q;
  if (q < 0) return -Limits::infinity();
  if (q > 1) return Limits::infinity();
  std::ranges::stable_sort(values, Less);  // stable: which of -0 and 0 comes first tells
  const double rank = q * (static_cast<double>(values.size()) - 1);
  const auto lower = static_cast<std::size_t>(rank);
  const std::size_t upper = std::min(lower + 1, values.size() - 1);
  const double weight = rank - std::floor(rank);
  return values[lower] * (1 - weight) + values[upper] * weight;
}

std::vector<double> ValuesOf(const Window& samples) {
  std::vector<double> values;
  values.reserve(samples.size());
  samples.ForEach([&](const Sample& sample) { values.push_back(sample.value); });
  return values;
}

double VarianceOf(const Window& samples) {
  CompensatedVariance variance;
  samples.ForEach([&](const Sample& sample) { variance.Add(sample.value); });
  return variance.Value();
}

}  // namespace

std::optional<double> AvgOverTime(const SeriesWindow& window) {
  CompensatedMean mean(window.samples.front().value);
  bool first = true;
  window.samples.ForEach([&](const Sample& sample) {
    if (!first) mean.Add(sample.value);
    first = false;
  });
  return mean.Value();
}

std::optional<double> SumOverTime(const SeriesWindow& window) {
  CompensatedSum sum;
  window.samples.ForEach([&](const Sample& sample) { sum.Add(sample.value); });
  return sum.Value();
}

std::optional<double> CountOverTime(const SeriesWindow& window) {
  return static_cast<double>(window.samples.size());
}

std::optional<double> LastOverTime(const SeriesWindow& window) {
  return window.samples.back().value;
}

std::optional<double> StdvarOverTime(const SeriesWindow& window) {
  return VarianceOf(window.samples);
}

std::optional<double> FirstOverTime(const SeriesWindow& window) {
  return window.samples.front().value;
}

std::optional<double> PresentOverTime(const SeriesWindow& /*window*/) { return 1; }

std::optional<double> MadOverTime(const SeriesWindow& window) {
  std::vector<double> values = ValuesOf(window.samples);
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); }))
    return Limits::quiet_NaN();
  const double median = Quantile(0.5, values);
  for (double& value : values) value = std::abs(value - median);
  return Quantile(0.5, values);
}

std::optional<double> QuantileOverTime(const SeriesWindow& window, Scalars scalars,
                                       Evaluation& /*evaluation*/) {
  std::vector<double> values = ValuesOf(window.samples);
  return Quantile(scalars.front(), values);
}

}  // namespace fleet_edge::rules
