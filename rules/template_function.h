#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "rules/template_lexer.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {

/// A function that templates call: Prometheus's and those of Go's own that alert files use.
struct TemplateFunction {
  enum class Takes : std::uint8_t {
    kAll,
    kTexts,
    kNumbers,  ///< texts too, as numbers: the call fails when they are none
    kAlike,    ///< values of one type that Go compares
    kOrdered,  ///< the same, of a type that has an order
  };

  std::string_view name;
  Takes takes;
  std::size_t fewest;  ///< arguments
  std::size_t most;
  TemplateType result;
  /// Sets `failure` when it can't; what it returns is nothing then.
  TemplateValue (*apply)(std::span<const TemplateValue> arguments, std::string& failure);
};

/// All of them; a step of a program names one by its place.
std::span<const TemplateFunction> TemplateFunctions();

/// What an argument is and where it stands.
struct TemplateArgument {
  TemplateType type;
  std::size_t offset;
};

/// Throws ExpressionError when `function`, which stands at `offset`, can't take `arguments`.
void CheckArguments(const TemplateFunction& function, std::size_t offset,
                    std::span<const TemplateArgument> arguments);

/// Throws ExpressionError when `format`, the first of printf's `arguments`, does not print the
/// others.
void CheckFormat(const TemplateWord& format, std::span<const TemplateArgument> arguments);

}  // namespace fleet_edge::rules
