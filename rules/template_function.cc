#include "rules/template_function.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include "rules/expression_error.h"
#include "rules/go_format.h"
#include "rules/humanize.h"
#include "rules/letter_case.h"
#include "rules/template_lexer.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {
namespace {

using Arguments = std::span<const TemplateValue>;
using Takes = TemplateFunction::Takes;
constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

/// A text as Go's strconv.ParseFloat reads it.
double ParseFloat(std::string_view text, std::string& failure) {
  std::string_view digits = text;
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  const auto fail = [&](std::string_view why) {
    failure = "strconv.ParseFloat: parsing " + Quote(text) + ": " + std::string(why);
    return 0.0;
  };
  if (digits.find('(') != std::string_view::npos) return fail("invalid syntax");
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  if (at != end || error == std::errc::invalid_argument) return fail("invalid syntax");
  if (error == std::errc{}) return value;
  const bool tiny =
      digits.find("e-") != std::string_view::npos || digits.find("E-") != std::string_view::npos;
  return tiny ? 0 : fail("value out of range");
}

double ToNumber(const TemplateValue& value, std::string& failure) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return ParseFloat(std::get<std::string>(value), failure);
}

template <std::string (*Write)(double)>
TemplateValue OfNumber(Arguments arguments, std::string& failure) {
  const double number = ToNumber(arguments.front(), failure);
  std::string text = Write(number);
  if (text.empty() && failure.empty()) {
    failure = ToGoText(number) +
              " cannot be represented as a nanoseconds timestamp since it overflows int64";
  }
  return text;
}

template <std::string (*Change)(std::string_view)>
TemplateValue OfText(Arguments arguments, std::string& /*failure*/) {
  return Change(std::get<std::string>(arguments.front()));
}

TemplateValue Printf(Arguments arguments, std::string& /*failure*/) {
  return GoPrintf(std::get<std::string>(arguments.front()), arguments.subspan(1));
}

TemplateValue Not(Arguments arguments, std::string& /*failure*/) {
  return !IsTrue(arguments.front());
}

TemplateValue Equal(Arguments arguments, std::string& /*failure*/) {
  return std::ranges::any_of(
      arguments.subspan(1), [&](const TemplateValue& other) { return other == arguments.front(); });
}

TemplateValue NotEqual(Arguments arguments, std::string& /*failure*/) {
  return arguments[0] != arguments[1];
}

TemplateValue Less(Arguments arguments, std::string& /*failure*/) {
  return arguments[0] < arguments[1];
}

TemplateValue LessOrEqual(Arguments arguments, std::string& /*failure*/) {
  return arguments[0] <= arguments[1];
}

// Go takes these for the opposites of the former, NaN included.
TemplateValue Greater(Arguments arguments, std::string& /*failure*/) {
  return !(arguments[0] <= arguments[1]);
}

TemplateValue GreaterOrEqual(Arguments arguments, std::string& /*failure*/) {
  return !(arguments[0] < arguments[1]);
}

using enum TemplateType;
constexpr std::array kFunctions{
    TemplateFunction{"printf", Takes::kAll, 1, kAny, kText, Printf},
    TemplateFunction{"humanize", Takes::kNumbers, 1, 1, kText, OfNumber<Humanize>},
    TemplateFunction{"humanize1024", Takes::kNumbers, 1, 1, kText, OfNumber<Humanize1024>},
    TemplateFunction{"humanizeDuration", Takes::kNumbers, 1, 1, kText, OfNumber<HumanizeDuration>},
    TemplateFunction{"humanizePercentage", Takes::kNumbers, 1, 1, kText,
                     OfNumber<HumanizePercentage>},
    TemplateFunction{"humanizeTimestamp", Takes::kNumbers, 1, 1, kText,
                     OfNumber<HumanizeTimestamp>},
    TemplateFunction{"toUpper", Takes::kTexts, 1, 1, kText, OfText<ToUpperCase>},
    TemplateFunction{"toLower", Takes::kTexts, 1, 1, kText, OfText<ToLowerCase>},
    TemplateFunction{"title", Takes::kTexts, 1, 1, kText, OfText<ToTitleCase>},
    TemplateFunction{"not", Takes::kAll, 1, 1, kBool, Not},
    TemplateFunction{"eq", Takes::kAlike, 2, kAny, kBool, Equal},
    TemplateFunction{"ne", Takes::kAlike, 2, 2, kBool, NotEqual},
    TemplateFunction{"lt", Takes::kOrdered, 2, 2, kBool, Less},
    TemplateFunction{"le", Takes::kOrdered, 2, 2, kBool, LessOrEqual},
    TemplateFunction{"gt", Takes::kOrdered, 2, 2, kBool, Greater},
    TemplateFunction{"ge", Takes::kOrdered, 2, 2, kBool, GreaterOrEqual},
};

bool Fits(Takes takes, TemplateType type) {
  switch (takes) {
    case Takes::kAll:
      return true;
    case Takes::kTexts:
      return type == kText;
    case Takes::kNumbers:
      return type == kNumber || type == kWhole || type == kText;
    case Takes::kAlike:
      return type != kLabels && type != kMixed;
    case Takes::kOrdered:
      break;
  }
  return type == kNumber || type == kWhole || type == kText;
}

[[noreturn]] void RefuseUnlike(const TemplateFunction& function, TemplateType first,
                               const TemplateArgument& other) {
  const bool numbers =
      (first == kNumber && other.type == kWhole) || (first == kWhole && other.type == kNumber);
  throw ExpressionError{
      other.offset,
      "'" + std::string(function.name) + "' compares a " + std::string(ToString(first)) +
          " with a " + std::string(ToString(other.type)) + ", which Go does not",
      numbers ? "Write the number with a point, like 100.0" : "Compare values of one type"};
}

}  // namespace

std::span<const TemplateFunction> TemplateFunctions() { return kFunctions; }

void CheckArguments(const TemplateFunction& function, std::size_t offset,
                    std::span<const TemplateArgument> arguments) {
  if (arguments.size() < function.fewest || arguments.size() > function.most) {
    const std::string many = std::to_string(function.fewest);
    throw ExpressionError{
        offset,
        "'" + std::string(function.name) + "' has " + std::to_string(arguments.size()) + " values",
        "Give it " + (function.most == kAny ? "at least " + many : many)};
  }
  for (const TemplateArgument& argument : arguments) {
    if (Fits(function.takes, argument.type)) continue;
    throw ExpressionError{argument.offset,
                          "'" + std::string(function.name) + "' does not take a " +
                              std::string(ToString(argument.type)),
                          function.takes == Takes::kTexts ? "Give it a label or a text"
                                                          : "Give it a number or a text"};
  }
  const bool compares = function.takes == Takes::kAlike || function.takes == Takes::kOrdered;
  for (const TemplateArgument& argument : arguments) {
    if (compares && argument.type != arguments.front().type)
      RefuseUnlike(function, arguments.front().type, argument);
  }
}

void CheckFormat(const TemplateWord& format, std::span<const TemplateArgument> arguments) {
  if (format.kind != TemplateWord::Kind::kString) {
    throw ExpressionError{format.offset, "the format of 'printf' is no text in quotes",
                          "Write it out, like printf \"%.1f\" $value"};
  }
  std::vector<TemplateType> types;
  for (const TemplateArgument& argument : arguments.subspan(1)) types.push_back(argument.type);
  if (const auto error = CheckGoFormat(format.text, types)) {
    throw ExpressionError{format.offset, error->what, error->mend};
  }
}

}  // namespace fleet_edge::rules
