#include "rules/window_functions.h"

#include <cmath>
#include <limits>
#include <optional>

#include "core/time.h"
#include "rules/compensated_sum.h"
#include "rules/function.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {
namespace {

/// What the values of `samples` rose by, each fall taken as a counter that began anew at 0.
double CounterGrowth(const Window& samples) {
  double growth = samples.back().value - samples.front().value;
  double previous = samples.front().value;
  samples.ForEach([&](const Sample& sample) {
    if (sample.value < previous) growth += previous;
    previous = sample.value;
  });
  return growth;
}

/// How much of the window the samples stand for, as a multiple of the time between the first and
/// the last: up to the window's bounds where they are near, else half a sample's distance further.
/// `until_zero_s` bounds the reach to the left.
double Extrapolation(const SeriesWindow& window, double until_zero_s) {
  const Window& samples = window.samples;
  const double sampled_s = ToSeconds(samples.back().time - samples.front().time);
  const double distance_s = sampled_s / static_cast<double>(samples.size() - 1);
  const double near_s = distance_s * 1.1;
  double to_start_s = ToSeconds(samples.front().time - window.after);
  double to_end_s = ToSeconds(window.until - samples.back().time);
  if (to_start_s >= near_s) to_start_s = distance_s / 2;
  if (until_zero_s < to_start_s) to_start_s = until_zero_s;
  if (to_end_s >= near_s) to_end_s = distance_s / 2;
  return (sampled_s + to_start_s + to_end_s) / sampled_s;
}

constexpr double kNoBound = std::numeric_limits<double>::infinity();

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

std::optional<double> MinOverTime(const SeriesWindow& window) {
  double min = window.samples.front().value;
  window.samples.ForEach([&](const Sample& sample) {
    if (sample.value < min || std::isnan(min)) min = sample.value;
  });
  return min;
}

std::optional<double> MaxOverTime(const SeriesWindow& window) {
  double max = window.samples.front().value;
  window.samples.ForEach([&](const Sample& sample) {
    if (sample.value > max || std::isnan(max)) max = sample.value;
  });
  return max;
}

std::optional<double> CountOverTime(const SeriesWindow& window) {
  return static_cast<double>(window.samples.size());
}

std::optional<double> StddevOverTime(const SeriesWindow& window) {
  CompensatedVariance variance;
  window.samples.ForEach([&](const Sample& sample) { variance.Add(sample.value); });
  return std::sqrt(variance.Value());
}

std::optional<double> LastOverTime(const SeriesWindow& window) {
  return window.samples.back().value;
}

std::optional<double> Delta(const SeriesWindow& window) {
  const Window& samples = window.samples;
  if (samples.size() < 2) return std::nullopt;
  return (samples.back().value - samples.front().value) * Extrapolation(window, kNoBound);
}

std::optional<double> Rate(const SeriesWindow& window) {
  const Window& samples = window.samples;
  if (samples.size() < 2) return std::nullopt;
  const double growth = CounterGrowth(samples);
  const double first = samples.front().value;
  // A counter is never negative: it can't have grown for longer than it takes back to 0.
  const double until_zero_s =
      growth > 0 && first >= 0
          ? ToSeconds(samples.back().time - samples.front().time) * (first / growth)
          : kNoBound;
  return growth * (Extrapolation(window, until_zero_s) / ToSeconds(window.until - window.after));
}

std::optional<double> Deriv(const SeriesWindow& window) {
  const Window& samples = window.samples;
  if (samples.size() < 2) return std::nullopt;
  const Sample& first = samples.front();
  CompensatedSum sum_x;
  CompensatedSum sum_y;
  CompensatedSum sum_xy;
  CompensatedSum sum_xx;
  bool constant = true;
  samples.ForEach([&](const Sample& sample) {
    if (sample.value != first.value && &sample != &first) constant = false;
    const double x = ToSeconds(sample.time - first.time);
    sum_x.Add(x);
    sum_y.Add(sample.value);
    sum_xy.Add(x * sample.value);
    sum_xx.Add(x * x);
  });
  if (constant) return std::isinf(first.value) ? std::numeric_limits<double>::quiet_NaN() : 0;
  const auto n = static_cast<double>(samples.size());
  const double covariance = sum_xy.Value() - sum_x.Value() * sum_y.Value() / n;
  const double variance = sum_xx.Value() - sum_x.Value() * sum_x.Value() / n;
  return covariance / variance;
}

}  // namespace fleet_edge::rules
