#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/template_value.h"

namespace fleet_edge::rules {

/// What is wrong with a format of Go's printf, where in it, and the mend.
struct GoFormatError {
  std::size_t offset;
  std::string what;
  std::string mend;
};

/// Holds `format` against what it is to print: each verb fits its value (`%f %F %e %E %g %G %v` a
/// float64, `%d %v` an int, `%s %v` a string or labels, `%t %v` a bool, `%v` whatever it is), no
/// value is missing or left over, and width and precision are at most 100. Flags are `+`, `-`, `0`
/// and space. Nothing when it is right.
std::optional<GoFormatError> CheckGoFormat(std::string_view format,
                                           std::span<const TemplateType> types);

/// Prints `values` by `format` as Go's printf does. Precondition: CheckGoFormat() of the values'
/// types found nothing.
std::string GoPrintf(std::string_view format, std::span<const TemplateValue> values);

/// A number as Go prints it by default: the shortest text that reads back, with an exponent below
/// 1e-4 and from 1e6 on.
std::string ToGoText(double value);

/// A number as `%.4g` prints it.
std::string ToFourDigits(double value);

/// Characters of UTF-8 in `text`; a broken byte counts as one.
std::size_t CountCharacters(std::string_view text);

}  // namespace fleet_edge::rules
