#pragma once

#include <string_view>

#include "rules/template_program.h"

namespace fleet_edge::rules {

/// Reads the part of Go's template language that alert files use, with its types checked: what can
/// only fail is refused here. Throws ExpressionError at the first such thing. At most 32 levels of
/// nesting, 64 variables and 4 KiB.
TemplateProgram ParseTemplate(std::string_view text);

}  // namespace fleet_edge::rules
