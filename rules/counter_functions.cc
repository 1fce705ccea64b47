#include "rules/counter_functions.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "core/time.h"
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

constexpr double kNoBound = std::numeric_limits<double>::infinity();

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

/// In Prometheus's order of operations: whole seconds and the rest apart.
double RangeSeconds(const SeriesWindow& window) {
  const Duration range = window.until - window.after;
  const auto whole = std::chrono::floor<std::chrono::seconds>(range);
  const std::chrono::nanoseconds rest = range - whole;
  return static_cast<double>(whole.count()) + static_cast<double>(rest.count()) / 1e9;
}

/// Growth of a counter, of which the samples tell `growth`, in the whole window as a multiple of
/// `growth`.
double CounterFactor(const SeriesWindow& window, double growth) {
  const Window& samples = window.samples;
  const double first = samples.front().value;
  // A counter is never negative: it can't have grown for longer than it takes back to 0.
  const double until_zero_s =
      growth > 0 && first >= 0
          ? ToSeconds(samples.back().time - samples.front().time) * (first / growth)
          : kNoBound;
  return Extrapolation(window, until_zero_s);
}

/// How many samples differ from the one before as `differs` says.
template <typename Differs>
double CountSteps(const Window& samples, const Differs& differs) {
  double count = 0;
  double previous = samples.front().value;
  samples.ForEach([&](const Sample& sample) {
    if (differs(previous, sample.value)) count += 1;
    previous = sample.value;
  });
  return count;
}

/// The last two samples of a window that has as many.
struct LastPair {
  explicit LastPair(const Window& samples)
      : newer(samples.back()),
        older(samples.newer.size() >= 2   ? samples.newer[samples.newer.size() - 2]
              : samples.newer.size() == 1 ? samples.older.back()
                                          : samples.older[samples.older.size() - 2]) {}

  Sample newer;
  Sample older;
};

}  // namespace

std::optional<double> Delta(const SeriesWindow& window) {
  const Window& samples = window.samples;
  if (samples.size() < 2) return std::nullopt;
  return (samples.back().value - samples.front().value) * Extrapolation(window, kNoBound);
}

std::optional<double> Increase(const SeriesWindow& window) {
  if (window.samples.size() < 2) return std::nullopt;
  const double growth = CounterGrowth(window.samples);
  return growth * CounterFactor(window, growth);
}

std::optional<double> Rate(const SeriesWindow& window) {
  if (window.samples.size() < 2) return std::nullopt;
  const double growth = CounterGrowth(window.samples);
  return growth * (CounterFactor(window, growth) / RangeSeconds(window));
}

std::optional<double> InstantDelta(const SeriesWindow& window) {
  if (window.samples.size() < 2) return std::nullopt;
  const LastPair last(window.samples);
  return last.newer.value - last.older.value;
}

std::optional<double> InstantRate(const SeriesWindow& window) {
  if (window.samples.size() < 2) return std::nullopt;
  const LastPair last(window.samples);
  const bool reset = last.newer.value < last.older.value;
  const double growth = reset ? last.newer.value : last.newer.value - last.older.value;
  return growth / ToSeconds(last.newer.time - last.older.time);
}

std::optional<double> Resets(const SeriesWindow& window) {
  return CountSteps(window.samples, [](double before, double now) { return now < before; });
}

std::optional<double> Changes(const SeriesWindow& window) {
  return CountSteps(window.samples, [](double before, double now) {
    return now != before && !(std::isnan(now) && std::isnan(before));
  });
}

}  // namespace fleet_edge::rules
