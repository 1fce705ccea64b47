#include "rules/result_labels.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "rules/expr.h"
#include "rules/function.h"
#include "rules/projection.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

bool Chosen(const LabelChoice& choice, std::string_view name) {
  const bool named = std::ranges::find(choice.names, name) != choice.names.end();
  return named == (choice.kind == LabelChoice::Kind::kOnly);
}

const Matcher* EqualityOn(const Selector& selector, std::string_view name) {
  const auto found = std::ranges::find_if(selector.matchers, [&](const Matcher& matcher) {
    return matcher.op == Matcher::Op::kEqual && matcher.name == name;
  });
  return found == selector.matchers.end() ? nullptr : &*found;
}

bool CanHave(const Selector& selector, std::string_view name) {
  const Matcher* const equality = EqualityOn(selector, name);
  return equality == nullptr || !equality->value.empty();
}

bool CanHave(const BinaryExpr& binary, std::string_view name) {
  const Expr& left = *binary.left;
  const Expr& right = *binary.right;
  if (TypeOf(left) == ValueType::kScalar) return CanHaveLabel(right, name);
  if (TypeOf(right) == ValueType::kScalar) return CanHaveLabel(left, name);
  if (binary.op == BinaryOp::kOr) return CanHaveLabel(left, name) || CanHaveLabel(right, name);
  if (IsSetOperator(binary.op)) return CanHaveLabel(left, name);
  using Cardinality = Matching::Cardinality;
  const Matching& matching = binary.matching;
  if (matching.cardinality == Cardinality::kOneToOne) {
    return Chosen(matching.labels, name) && CanHaveLabel(left, name);
  }
  const bool many_left = matching.cardinality == Cardinality::kManyToOne;
  const bool lent = std::ranges::find(matching.included, name) != matching.included.end();
  return CanHaveLabel(many_left == lent ? right : left, name);
}

bool CanHave(const AggregateExpr& aggregate, std::string_view name) {
  const bool keeps = aggregate.op == AggregateOp::kTopk || aggregate.op == AggregateOp::kBottomk;
  if (aggregate.op == AggregateOp::kCountValues) {
    const auto* const made = std::get_if<StringLiteral>(&aggregate.parameter->node);
    if (made == nullptr || made->value == name) return true;
  }
  return (keeps || Chosen(aggregate.grouping, name)) && CanHaveLabel(*aggregate.operand, name);
}

/// `absent` takes its labels from the selector's equalities.
bool AbsentCanHave(const Expr& operand, std::string_view name) {
  const auto* const instant = std::get_if<VectorSelector>(&operand.node);
  const auto* const range = std::get_if<RangeSelector>(&operand.node);
  if (instant == nullptr && range == nullptr) return false;
  const Matcher* const equality =
      EqualityOn(instant != nullptr ? instant->selector : range->selector, name);
  return equality != nullptr && !equality->value.empty();
}

bool CanHave(const CallExpr& call, std::string_view name) {
  const std::string_view function = call.function->name;
  if (function == "absent" || function == "absent_over_time") {
    return AbsentCanHave(*call.arguments.front(), name);
  }
  if (function == "label_replace" || function == "label_join") {
    const auto* const made = std::get_if<StringLiteral>(&call.arguments[1]->node);
    if (made == nullptr || made->value == name) return true;
  }
  if (call.function->implied != nullptr) return true;
  return std::ranges::any_of(call.arguments, [&](const ExprPtr& argument) {
    const ValueType type = TypeOf(*argument);
    return (type == ValueType::kVector || type == ValueType::kRange) &&
           CanHaveLabel(*argument, name);
  });
}

}  // namespace

bool CanHaveLabel(const Expr& expr, std::string_view name) {
  if (TypeOf(expr) == ValueType::kScalar) return false;
  return std::visit(
      [&](const auto& node) {
        using Part = std::remove_cvref_t<decltype(node)>;
        if constexpr (std::is_same_v<Part, VectorSelector> || std::is_same_v<Part, RangeSelector>) {
          return CanHave(node.selector, name);
        } else if constexpr (std::is_same_v<Part, Signed>) {
          return CanHaveLabel(*node.operand, name);
        } else if constexpr (std::is_same_v<Part, NumberLiteral> ||
                             std::is_same_v<Part, StringLiteral>) {
          return false;
        } else {
          return CanHave(node, name);
        }
      },
      expr.node);
}

}  // namespace fleet_edge::rules
