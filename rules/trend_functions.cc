#include "rules/trend_functions.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/compensated_sum.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/function.h"
#include "rules/go_format.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {
namespace {

/// A straight line: the value at the time it was asked for, and the slope per second.
struct Line {
  double slope;
  double value;
};

/// The line of least squares through `samples`, two at least, with its value at `at`.
Line Regression(const Window& samples, UtcTime at) {
  const double first = samples.front().value;
  CompensatedSum sum_x;
  CompensatedSum sum_y;
  CompensatedSum sum_xy;
  CompensatedSum sum_xx;
  bool constant = true;
  bool is_first = true;
  samples.ForEach([&](const Sample& sample) {
    if (sample.value != first && !is_first) constant = false;
    is_first = false;
    const double x = ToSeconds(sample.time - at);
    sum_x.Add(x);
    sum_y.Add(sample.value);
    sum_xy.Add(x * sample.value);
    sum_xx.Add(x * x);
  });
  if (constant) {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    return std::isinf(first) ? Line{kNaN, kNaN} : Line{0, first};
  }
  const auto n = static_cast<double>(samples.size());
  const double covariance = sum_xy.Value() - sum_x.Value() * sum_y.Value() / n;
  const double variance = sum_xx.Value() - sum_x.Value() * sum_x.Value() / n;
  const double slope = covariance / variance;
  return {slope, sum_y.Value() / n - slope * sum_x.Value() / n};
}

constexpr std::string_view kSmoothing = "smoothing";
constexpr std::string_view kTrend = "trend";

bool IsFactor(double value) { return !(value <= 0 || value >= 1); }

std::string WrongFactor(std::string_view which, double value) {
  return "the " + std::string(which) + " factor lies between 0 and 1, got " + ToGoText(value);
}

}  // namespace

std::optional<double> Deriv(const SeriesWindow& window) {
  if (window.samples.size() < 2) return std::nullopt;
  return Regression(window.samples, window.samples.front().time).slope;
}

std::optional<double> PredictLinear(const SeriesWindow& window, Scalars scalars,
                                    Evaluation& evaluation) {
  if (window.samples.size() < 2) return std::nullopt;
  const Line line = Regression(window.samples, evaluation.at);
  return line.slope * scalars.front() + line.value;
}

std::optional<double> DoubleExponentialSmoothing(const SeriesWindow& window, Scalars scalars,
                                                 Evaluation& evaluation) {
  const double smoothing = scalars[0];
  const double trending = scalars[1];
  if (!IsFactor(smoothing)) evaluation.Fail(WrongFactor(kSmoothing, smoothing));
  if (!IsFactor(trending)) evaluation.Fail(WrongFactor(kTrend, trending));
  if (evaluation.failure || window.samples.size() < 2) return std::nullopt;
  double before = 0;
  double level = window.samples.front().value;
  double trend = 0;
  std::size_t index = 0;
  window.samples.ForEach([&](const Sample& sample) {
    if (index == 1) trend = sample.value - level;
    if (index >= 2) trend = trending * (level - before) + (1 - trending) * trend;
    if (index >= 1) {
      const double next = smoothing * sample.value + (1 - smoothing) * (level + trend);
      before = level;
      level = next;
    }
    ++index;
  });
  return level;
}

void CheckSmoothing(const CallExpr& call, std::vector<ExpressionError>& errors) {
  const auto check = [&](std::size_t argument, std::string_view which) {
    const Expr& factor = *call.arguments[argument];
    const auto* const number = std::get_if<NumberLiteral>(&factor.node);
    if (number != nullptr && !IsFactor(number->value))
      errors.push_back({factor.offset, WrongFactor(which, number->value), "Write one like 0.3"});
  };
  check(1, kSmoothing);
  check(2, kTrend);
}

}  // namespace fleet_edge::rules
