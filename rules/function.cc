#include "rules/function.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include "rules/window_functions.h"

namespace fleet_edge::rules {
namespace {

constexpr std::array kRange{ValueType::kRange};
constexpr std::array kVector{ValueType::kVector};

double Abs(double value) { return std::abs(value); }

constexpr Function OverRange(std::string_view name, WindowFunction implementation,
                             bool keeps_name = false) {
  return {name, kRange, ValueType::kVector, keeps_name, implementation};
}

constexpr Function OverElements(std::string_view name, ElementFunction implementation) {
  return {name, kVector, ValueType::kVector, false, implementation};
}

// Sorted by name.
constexpr std::array kFunctions{
    OverElements("abs", Abs),
    Function{"absent_over_time", kRange, ValueType::kVector, false, AbsentFunction{}},
    OverRange("avg_over_time", AvgOverTime),
    OverRange("count_over_time", CountOverTime),
    OverRange("delta", Delta),
    OverRange("deriv", Deriv),
    OverRange("last_over_time", LastOverTime, true),
    OverRange("max_over_time", MaxOverTime),
    OverRange("min_over_time", MinOverTime),
    OverRange("rate", Rate),
    OverRange("stddev_over_time", StddevOverTime),
    OverRange("sum_over_time", SumOverTime),
};

// What PromQL has beyond them, so that a message can tell "not supported" from "no such function".
constexpr std::array<std::string_view, 78> kForeign{"absent",
                                                    "acos",
                                                    "acosh",
                                                    "asin",
                                                    "asinh",
                                                    "atan",
                                                    "atanh",
                                                    "ceil",
                                                    "changes",
                                                    "clamp",
                                                    "clamp_max",
                                                    "clamp_min",
                                                    "cos",
                                                    "cosh",
                                                    "day_of_month",
                                                    "day_of_week",
                                                    "day_of_year",
                                                    "days_in_month",
                                                    "deg",
                                                    "double_exponential_smoothing",
                                                    "exp",
                                                    "first_over_time",
                                                    "floor",
                                                    "histogram_avg",
                                                    "histogram_count",
                                                    "histogram_fraction",
                                                    "histogram_quantile",
                                                    "histogram_quantiles",
                                                    "histogram_stddev",
                                                    "histogram_stdvar",
                                                    "histogram_sum",
                                                    "holt_winters",
                                                    "hour",
                                                    "idelta",
                                                    "increase",
                                                    "info",
                                                    "irate",
                                                    "label_join",
                                                    "label_replace",
                                                    "ln",
                                                    "log10",
                                                    "log2",
                                                    "mad_over_time",
                                                    "minute",
                                                    "month",
                                                    "pi",
                                                    "predict_linear",
                                                    "present_over_time",
                                                    "quantile_over_time",
                                                    "rad",
                                                    "resets",
                                                    "round",
                                                    "scalar",
                                                    "sgn",
                                                    "sin",
                                                    "sinh",
                                                    "sort",
                                                    "sort_by_label",
                                                    "sort_by_label_desc",
                                                    "sort_desc",
                                                    "sqrt",
                                                    "stdvar_over_time",
                                                    "tan",
                                                    "tanh",
                                                    "time",
                                                    "timestamp",
                                                    "ts_of_first_over_time",
                                                    "ts_of_last_over_time",
                                                    "ts_of_max_over_time",
                                                    "ts_of_min_over_time",
                                                    "vector",
                                                    "year",
                                                    "anomaly_zscore",
                                                    "geofence_inside",
                                                    "geofence_distance_m",
                                                    "distance_km_over_time",
                                                    "step",
                                                    "range"};

}  // namespace

std::string_view ToString(ValueType type) {
  static constexpr std::array<std::string_view, 4> kNames{"scalar", "instant vector",
                                                          "range vector", "string"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::span<const Function> Functions() { return kFunctions; }

const Function* FindFunction(std::string_view name) {
  const auto* const found = std::ranges::find(kFunctions, name, &Function::name);
  return found == kFunctions.end() ? nullptr : found;
}

bool IsForeignFunction(std::string_view name) {
  return std::ranges::find(kForeign, name) != kForeign.end();
}

}  // namespace fleet_edge::rules
