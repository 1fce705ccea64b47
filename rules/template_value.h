#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/labels.h"

namespace fleet_edge::rules {

/// What an expression of a template yields, with Go's types: float64, int, bool, string, or all
/// labels of an alert, which outlive the value.
using TemplateValue = std::variant<double, std::int64_t, bool, std::string, const Labels*>;

/// The same, as far as it is known before the template is expanded.
enum class TemplateType : std::uint8_t {
  kNumber,
  kWhole,
  kBool,
  kText,
  kLabels,
  kMixed,  ///< one of several: what `and` or `or` of unlike ones gives
};

/// As Go calls it: `float64`.
std::string_view ToString(TemplateType type);

/// What `if` takes for true: all but 0, false, an empty text, no labels. NaN is true.
bool IsTrue(const TemplateValue& value);

/// As Go prints it by default.
std::string ToGoText(const TemplateValue& value);

}  // namespace fleet_edge::rules
