#pragma once

#include <string_view>

#include "rules/expr.h"

namespace fleet_edge::rules {

/// False when no element that `expr` yields can have the label `name`, whatever the series have.
bool CanHaveLabel(const Expr& expr, std::string_view name);

}  // namespace fleet_edge::rules
