#include "rules/query.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/geofence.h"
#include "rules/parser.h"
#include "rules/position_nodes.h"
#include "rules/rule_text.h"
#include "rules/type_check.h"

namespace fleet_edge::rules {
namespace {

Position PositionAt(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(before.size() - line_start) + 1};
}

}  // namespace

ExprPtr ReadQuery(const RuleText& source, const Geofences& geofences, Diagnostics& diagnostics) {
  const auto add = [&](const ExpressionError& error) {
    diagnostics.push_back({.file = source.file,
                           .position = PositionAt(source.text, error.offset),
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
