#pragma once

#include <cstddef>
#include <string>

namespace fleet_edge::rules {

/// Throws ExpressionError: templates have no function `name` here. Its mend says what comes
/// nearest.
[[noreturn]] void RefuseTemplateName(const std::string& name, std::size_t offset);

}  // namespace fleet_edge::rules
