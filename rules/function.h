#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "core/time.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {

/// What an expression yields.
enum class ValueType : std::uint8_t { kScalar, kVector, kRange, kString };

/// As error messages say it: `instant vector`.
std::string_view ToString(ValueType type);

/// One series' samples in a range, as a function over time gets them.
struct SeriesWindow {
  Window samples;  ///< never empty
  UtcTime after;   ///< the range is left-open: after < time <= until
  UtcTime until;
};

/// The value of one series' window, or nothing when the function has none there.
using WindowFunction = std::optional<double> (*)(const SeriesWindow& window);

/// The value of one element.
using ElementFunction = double (*)(double value);

/// `absent_over_time`: an element where a selector finds no sample at all.
struct AbsentFunction {};

/// One function of PromQL: its type and what computes it. Lives for ever.
struct Function {
  std::string_view name;
  std::span<const ValueType> arguments;
  ValueType result;
  bool keeps_name;  ///< the metric's name stays on the result
  std::variant<WindowFunction, ElementFunction, AbsentFunction> implementation;
};

/// All supported functions, by name.
std::span<const Function> Functions();

/// Null when `name` is not supported.
const Function* FindFunction(std::string_view name);

/// True for a function that PromQL has and this engine has not.
bool IsForeignFunction(std::string_view name);

}  // namespace fleet_edge::rules
