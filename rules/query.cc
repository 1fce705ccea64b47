#include "rules/query.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/geofence.h"
#include "rules/parser.h"
#include "rules/position_nodes.h"
#include "rules/rule_text.h"
#include "rules/text_position.h"
#include "rules/type_check.h"

namespace fleet_edge::rules {

ExprPtr ReadQuery(const RuleText& source, const Geofences& geofences, Diagnostics& diagnostics) {
  const auto add = [&](const ExpressionError& error) {
    diagnostics.push_back({.file = source.file,
                           .position = PositionInText(source.text, error.offset),
                           .what = error.what,
                           .mend = error.mend});
  };
  try {
    ExprPtr expr = ParseExpression(source.text);
    std::vector<ExpressionError> errors = CheckTypes(*expr);
    CheckGeofences(*expr, geofences, errors);
    std::ranges::for_each(errors, add);
    return errors.empty() ? std::move(expr) : nullptr;
  } catch (const ExpressionError& error) {
    add(error);
    return nullptr;
  }
}

}  // namespace fleet_edge::rules
