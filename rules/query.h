#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "rules/expr.h"
#include "rules/function.h"
#include "rules/geofence.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {

/// What an expression comes to at one instant. A value.
struct QueryResult {
  ValueType type = ValueType::kVector;  ///< kScalar or kVector
  /// Labels with the name as `__name__`; a scalar is one element without labels.
  std::vector<std::pair<Labels, double>> elements{};
  std::optional<std::string> failure{};  ///< why there is no result
};

/// Parses and checks one expression, which may name `geofences`. Null when it is refused:
/// `diagnostics` then says why, by `source.file` and by line and column in its text.
ExprPtr ReadQuery(const RuleText& source, const Geofences& geofences, Diagnostics& diagnostics);

}  // namespace fleet_edge::rules
