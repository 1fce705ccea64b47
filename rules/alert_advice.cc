#include "rules/alert_advice.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/function.h"
#include "rules/known_series.h"
#include "rules/label_pool.h"
#include "rules/projection.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

bool Filters(const Expr& expr, const KnownSeries& known);

bool Filters(const BinaryExpr& binary, const KnownSeries& known) {
  if (binary.op == BinaryOp::kUnless) return true;
  if (IsComparison(binary.op) && !binary.returns_bool) return true;
  const bool left = Filters(*binary.left, known);
  const bool right = Filters(*binary.right, known);
  return binary.op == BinaryOp::kOr ? left && right : left || right;
}

bool Filters(const CallExpr& call, const KnownSeries& known) {
  const std::string_view name = call.function->name;
  if (name == "absent" || name == "absent_over_time") return true;
  // A score is there for readings that are normal too, wherever they come from.
  if (call.function->result == ValueType::kScalar || call.function->stateful) return false;
  return std::ranges::any_of(call.arguments,
                             [&](const ExprPtr& part) { return Filters(*part, known); });
}

/// True when an element's value, or its absence, decides whether there is a result.
bool Filters(const Expr& expr, const KnownSeries& known) {
  if (const auto* const instant = std::get_if<VectorSelector>(&expr.node)) {
    return known.IsMadeByRules(instant->selector.name());
  }
  if (const auto* const range = std::get_if<RangeSelector>(&expr.node)) {
    return known.IsMadeByRules(range->selector.name());
  }
  if (const auto* const value = std::get_if<Signed>(&expr.node)) {
    return Filters(*value->operand, known);
  }
  if (const auto* const binary = std::get_if<BinaryExpr>(&expr.node)) {
    return Filters(*binary, known);
  }
  if (const auto* const aggregate = std::get_if<AggregateExpr>(&expr.node)) {
    return Filters(*aggregate->operand, known);
  }
  if (const auto* const call = std::get_if<CallExpr>(&expr.node)) return Filters(*call, known);
  return false;
}

/// `vector(1)`: a sign of life.
bool IsConstant(const Expr& expr) {
  const auto* const call = std::get_if<CallExpr>(&expr.node);
  return call != nullptr && call->function->name == "vector" &&
         std::holds_alternative<NumberLiteral>(call->arguments.front()->node);
}

}  // namespace

std::optional<ExpressionError> DoubtThatItFilters(const Expr& condition, const KnownSeries& known) {
  if (IsConstant(condition) || Filters(condition, known)) return std::nullopt;
  const auto* const call = std::get_if<CallExpr>(&condition.node);
  const auto* const binary = std::get_if<BinaryExpr>(&condition.node);
  if (binary != nullptr && IsComparison(binary->op)) {
    return ExpressionError{condition.offset,
                           "a comparison with 'bool' is 0 or 1 and filters nothing: the alert "
                           "fires whichever it is",
                           "Remove bool"};
  }
  const bool yes_or_no = call != nullptr && call->function->name == "geofence_inside";
  return ExpressionError{0,
                         "nothing in the expression is compared: the alert fires whenever there "
                         "is a value, whatever it is",
                         yes_or_no ? "Write … == 1" : "Compare it: … > 4"};
}

std::vector<std::string> LabelsNamedIn(const Expr& condition) {
  std::set<std::string> names;
  const auto add = [&](const Selector& selector) {
    for (const Matcher& matcher : selector.matchers) {
      if (matcher.name != kNameLabel && !matcher.Matches("")) names.insert(matcher.name);
    }
  };
  const auto add_chosen = [&](const LabelChoice& choice) {
    if (choice.kind == LabelChoice::Kind::kOnly) {
      names.insert(choice.names.begin(), choice.names.end());
    }
  };
  ForEachNode(condition, [&](const Expr& part) {
    if (const auto* const instant = std::get_if<VectorSelector>(&part.node)) {
      add(instant->selector);
    } else if (const auto* const range = std::get_if<RangeSelector>(&part.node)) {
      add(range->selector);
    } else if (const auto* const binary = std::get_if<BinaryExpr>(&part.node)) {
      add_chosen(binary->matching.labels);
    } else if (const auto* const aggregate = std::get_if<AggregateExpr>(&part.node)) {
      add_chosen(aggregate->grouping);
    }
  });
  return {names.begin(), names.end()};
}

}  // namespace fleet_edge::rules
