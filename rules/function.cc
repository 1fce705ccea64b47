#include "rules/function.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "rules/absent_nodes.h"
#include "rules/anomaly_node.h"
#include "rules/calendar_functions.h"
#include "rules/counter_functions.h"
#include "rules/label_nodes.h"
#include "rules/math_functions.h"
#include "rules/position_nodes.h"
#include "rules/sliding_nodes.h"
#include "rules/timestamp_node.h"
#include "rules/trend_functions.h"
#include "rules/vector_functions.h"
#include "rules/window_functions.h"

namespace fleet_edge::rules {
namespace {

constexpr std::array kRange{ValueType::kRange};
constexpr std::array kRangeAndScalar{ValueType::kRange, ValueType::kScalar};
constexpr std::array kRangeAndTwoScalars{ValueType::kRange, ValueType::kScalar, ValueType::kScalar};
constexpr std::array kScalar{ValueType::kScalar};
constexpr std::array kScalarAndRange{ValueType::kScalar, ValueType::kRange};
constexpr std::array kString{ValueType::kString};
constexpr std::array kVector{ValueType::kVector};
constexpr std::array kVectorAndFourTexts{ValueType::kVector, ValueType::kString, ValueType::kString,
                                         ValueType::kString, ValueType::kString};
constexpr std::array kVectorAndScalar{ValueType::kVector, ValueType::kScalar};
constexpr std::array kVectorAndThreeTexts{ValueType::kVector, ValueType::kString,
                                          ValueType::kString, ValueType::kString};
constexpr std::array kVectorAndTwoScalars{ValueType::kVector, ValueType::kScalar,
                                          ValueType::kScalar};

template <typename Implementation>
constexpr Function OverRange(std::string_view name, Implementation implementation) {
  return {.name = name,
          .arguments = kRange,
          .result = ValueType::kVector,
          .implementation = implementation};
}

constexpr Function KeepingName(Function function) {
  function.keeps_name = true;
  return function;
}

constexpr Function OfElements(std::string_view name, ElementFunction implementation) {
  return {.name = name,
          .arguments = kVector,
          .result = ValueType::kVector,
          .implementation = implementation};
}

constexpr Function OfTimes(std::string_view name, ElementFunction implementation) {
  Function function = OfElements(name, implementation);
  function.last_is_optional = true;
  function.default_argument = "vector(time())";
  return function;
}

// Sorted by name.
constexpr std::array kFunctions{
    OfElements("abs", Abs),
    Function{.name = "absent",
             .arguments = kVector,
             .result = ValueType::kVector,
             .implementation = MakeAbsent},
    Function{.name = "absent_over_time",
             .arguments = kRange,
             .result = ValueType::kVector,
             .implementation = MakeAbsentOverTime},
    OfElements("acos", Acos),
    OfElements("acosh", Acosh),
    Function{.name = "anomaly_zscore",
             .arguments = kRangeAndTwoScalars,
             .result = ValueType::kVector,
             .implementation = MakeAnomalyZscore,
             .last_is_optional = true,
             .default_argument = "0",
             .stateful = true,
             .check = CheckAnomalyZscore},
    OfElements("asin", Asin),
    OfElements("asinh", Asinh),
    OfElements("atan", Atan),
    OfElements("atanh", Atanh),
    OverRange("avg_over_time", SlidingAvg),
    OfElements("ceil", Ceil),
    OverRange("changes", Changes),
    Function{.name = "clamp",
             .arguments = kVectorAndTwoScalars,
             .result = ValueType::kVector,
             .implementation = Clamp},
    Function{.name = "clamp_max",
             .arguments = kVectorAndScalar,
             .result = ValueType::kVector,
             .implementation = ClampMax},
    Function{.name = "clamp_min",
             .arguments = kVectorAndScalar,
             .result = ValueType::kVector,
             .implementation = ClampMin},
    OfElements("cos", Cos),
    OfElements("cosh", Cosh),
    OverRange("count_over_time", CountOverTime),
    OfTimes("day_of_month", DayOfMonth),
    OfTimes("day_of_week", DayOfWeek),
    OfTimes("day_of_year", DayOfYear),
    OfTimes("days_in_month", DaysInMonth),
    OfElements("deg", Deg),
    OverRange("delta", Delta),
    OverRange("deriv", Deriv),
    Function{.name = "distance_km_over_time",
             .arguments = kScalar,
             .result = ValueType::kVector,
             .implementation = MakeTravelledDistance,
             .check = CheckTrack,
             .implied = ImpliedTrack},
    Function{.name = "double_exponential_smoothing",
             .arguments = kRangeAndTwoScalars,
             .result = ValueType::kVector,
             .implementation = DoubleExponentialSmoothing,
             .check = CheckSmoothing},
    OfElements("exp", Exp),
    KeepingName(OverRange("first_over_time", FirstOverTime)),
    OfElements("floor", Floor),
    Function{.name = "geofence_distance_m",
             .arguments = kString,
             .result = ValueType::kVector,
             .implementation = MakeGeofenceDistance,
             .implied = ImpliedPosition},
    Function{.name = "geofence_inside",
             .arguments = kString,
             .result = ValueType::kVector,
             .implementation = MakeGeofenceInside,
             .implied = ImpliedPosition},
    OfTimes("hour", HourOf),
    OverRange("idelta", InstantDelta),
    OverRange("increase", Increase),
    OverRange("irate", InstantRate),
    Function{.name = "label_join",
             .arguments = kVectorAndThreeTexts,
             .result = ValueType::kVector,
             .implementation = MakeLabelJoin,
             .last_is_optional = true,
             .last_repeats = true,
             .check = CheckLabelJoin},
    Function{.name = "label_replace",
             .arguments = kVectorAndFourTexts,
             .result = ValueType::kVector,
             .implementation = MakeLabelReplace,
             .check = CheckLabelReplace},
    KeepingName(OverRange("last_over_time", LastOverTime)),
    OfElements("ln", Ln),
    OfElements("log10", Log10),
    OfElements("log2", Log2),
    OverRange("mad_over_time", MadOverTime),
    OverRange("max_over_time", SlidingMax),
    OverRange("min_over_time", SlidingMin),
    OfTimes("minute", MinuteOf),
    OfTimes("month", MonthOf),
    Function{.name = "pi", .arguments = {}, .result = ValueType::kScalar, .implementation = Pi},
    Function{.name = "predict_linear",
             .arguments = kRangeAndScalar,
             .result = ValueType::kVector,
             .implementation = PredictLinear},
    OverRange("present_over_time", PresentOverTime),
    Function{.name = "quantile_over_time",
             .arguments = kScalarAndRange,
             .result = ValueType::kVector,
             .implementation = QuantileOverTime},
    OfElements("rad", Rad),
    OverRange("rate", Rate),
    OverRange("resets", Resets),
    Function{.name = "round",
             .arguments = kVectorAndScalar,
             .result = ValueType::kVector,
             .implementation = Round,
             .last_is_optional = true,
             .default_argument = "1"},
    Function{.name = "scalar",
             .arguments = kVector,
             .result = ValueType::kScalar,
             .implementation = ToScalar},
    OfElements("sgn", Sgn),
    OfElements("sin", Sin),
    OfElements("sinh", Sinh),
    Function{
        .name = "sort", .arguments = kVector, .result = ValueType::kVector, .implementation = Sort},
    Function{.name = "sort_desc",
             .arguments = kVector,
             .result = ValueType::kVector,
             .implementation = SortDesc},
    OfElements("sqrt", Sqrt),
    OverRange("stddev_over_time", SlidingStddev),
    OverRange("stdvar_over_time", SlidingStdvar),
    OverRange("sum_over_time", SlidingSum),
    OfElements("tan", Tan),
    OfElements("tanh", Tanh),
    Function{.name = "time",
             .arguments = {},
             .result = ValueType::kScalar,
             .implementation = TimeOf,
             .moves = true},
    Function{.name = "timestamp",
             .arguments = kVector,
             .result = ValueType::kVector,
             .implementation = MakeTimestamp,
             .moves = true},
    Function{.name = "vector",
             .arguments = kScalar,
             .result = ValueType::kVector,
             .implementation = ToVector},
    OfTimes("year", YearOf),
};
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

// What PromQL has beyond them, so that a message can tell "not supported" from "no such function".
constexpr auto kForeign = std::to_array<std::string_view>({
    "end",
    "histogram_avg",
    "histogram_count",
    "histogram_fraction",
    "histogram_quantile",
    "histogram_quantiles",
    "histogram_stddev",
    "histogram_stdvar",
    "histogram_sum",
    "holt_winters",
    "info",
    "max_of",
    "min_of",
    "range",
    "sort_by_label",
    "sort_by_label_desc",
    "start",
    "start_timestamp",
    "step",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
});

}  // namespace

std::string_view ToString(ValueType type) {
  static constexpr std::array<std::string_view, 4> kNames{"scalar", "instant vector",
                                                          "range vector", "string"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::span<const Function> Functions() { return kFunctions; }

const Function* FindFunction(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(kFunctions, name, {}, &Function::name);
  return found == kFunctions.end() || found->name != name ? nullptr : found;
}

bool IsForeignFunction(std::string_view name) {
  return std::ranges::find(kForeign, name) != kForeign.end();
}

std::string_view NewNameOf(std::string_view name) {
  return name == "holt_winters" ? "double_exponential_smoothing" : "";
}

}  // namespace fleet_edge::rules
