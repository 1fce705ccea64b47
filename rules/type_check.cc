#include "rules/type_check.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/function.h"
#include "rules/projection.h"

namespace fleet_edge::rules {
namespace {

bool IsValue(ValueType type) { return type == ValueType::kScalar || type == ValueType::kVector; }

std::string MendFor(ValueType wanted, ValueType got) {
  if (wanted == ValueType::kRange && got == ValueType::kVector)
    return "Give it a range, like [10s]";
  if (wanted == ValueType::kVector && got == ValueType::kRange) {
    return "Remove the range, or put a function like avg_over_time(…) around it";
  }
  return "Write an expression of that type here";
}

/// `1 argument`, `1 or 2 arguments`, `at least 3 arguments`.
std::string ArgumentCount(const Function& function) {
  const std::size_t least = function.least_arguments();
  const std::size_t most = function.arguments.size();
  std::string text = std::to_string(least);
  if (function.last_repeats)
    text = "at least " + text;
  else if (least < most)
    text += " or " + std::to_string(most);
  return text + (most == 1 && least == 1 ? " argument" : " arguments");
}

class Checker {
 public:
  explicit Checker(std::vector<ExpressionError>& errors) : errors_(errors) {}

  void Check(const Expr& expr) const {
    if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) CheckBinary(expr, *binary);
    if (const auto* call = std::get_if<CallExpr>(&expr.node)) CheckCall(expr, *call);
    if (const auto* aggregate = std::get_if<AggregateExpr>(&expr.node)) {
      CheckAggregate(*aggregate);
    }
    if (const auto* value = std::get_if<Signed>(&expr.node)) {
      if (!IsValue(TypeOf(*value->operand)))
        Fail(expr,
             std::string(value->negative ? "'-'" : "'+'") + " stands before what is no number",
             "Remove it");
    }
  }

 private:
  void Fail(const Expr& at, std::string what, std::string mend) const {
    errors_.push_back({at.offset, std::move(what), std::move(mend)});
  }

  void Want(ValueType wanted, const Expr& argument, std::string_view callee) const {
    const ValueType got = TypeOf(argument);
    if (got == wanted) return;
    Fail(argument,
         "'" + std::string(callee) + "' takes a value of type " + std::string(ToString(wanted)) +
             ", got " + std::string(ToString(got)),
         MendFor(wanted, got));
  }

  void CheckAggregate(const AggregateExpr& aggregate) const {
    const std::string_view name = ToString(aggregate.op);
    if (const std::optional<ValueType> wanted = ParameterOf(aggregate.op))
      Want(*wanted, *aggregate.parameter, name);
    Want(ValueType::kVector, *aggregate.operand, name);
    if (aggregate.op != AggregateOp::kCountValues) return;
    const auto* const label = std::get_if<StringLiteral>(&aggregate.parameter->node);
    if (label != nullptr && !IsLabelName(label->value)) {
      Fail(*aggregate.parameter, "'" + label->value + "' can't be a label's name",
           "Use letters, digits and '_', no digit first");
    }
  }

  void CheckBinary(const Expr& expr, const BinaryExpr& binary) const {
    const ValueType left = TypeOf(*binary.left);
    const ValueType right = TypeOf(*binary.right);
    const std::string op = "'" + std::string(ToString(binary.op)) + "'";
    for (const Expr* const side : {binary.left.get(), binary.right.get()}) {
      if (IsValue(TypeOf(*side))) continue;
      std::string what = op + " joins scalars and instant vectors, got a ";
      what += ToString(TypeOf(*side));
      Fail(*side, std::move(what), MendFor(ValueType::kVector, TypeOf(*side)));
    }
    const bool scalar = left == ValueType::kScalar || right == ValueType::kScalar;
    const bool matches = !binary.matching.labels.names.empty();
    if (scalar && IsSetOperator(binary.op)) {
      Fail(expr, op + " joins two instant vectors, got a scalar",
           "Compare with a vector on both sides");
    } else if (scalar && matches) {
      Fail(expr, "on and ignoring match two instant vectors, got a scalar",
           "Remove on or ignoring");
    }
    if (left == ValueType::kScalar && right == ValueType::kScalar && IsComparison(binary.op) &&
        !binary.returns_bool) {
      Fail(expr, "a comparison of two scalars filters nothing",
           "Write " + std::string(ToString(binary.op)) + " bool");
    }
  }

  void CheckCall(const Expr& expr, const CallExpr& call) const {
    const Function& function = *call.function;
    const std::size_t most = function.arguments.size();
    const std::size_t got = call.arguments.size();
    const std::size_t errors_before = errors_.size();
    if (got < function.least_arguments() || (got > most && !function.last_repeats)) {
      Fail(expr,
           "'" + std::string(function.name) + "' takes " + ArgumentCount(function) + ", got " +
               std::to_string(got),
           "Give it as many");
    }
    for (std::size_t i = 0; i < got && (i < most || function.last_repeats); ++i) {
      Want(function.arguments[std::min(i, most - 1)], *call.arguments[i], function.name);
    }
    if (errors_.size() == errors_before && function.check != nullptr) function.check(call, errors_);
  }

  std::vector<ExpressionError>& errors_;
};

}  // namespace

std::vector<ExpressionError> CheckTypes(const Expr& expr) {
  std::vector<ExpressionError> errors;
  const Checker checker(errors);
  ForEachNode(expr, [&](const Expr& node) { checker.Check(node); });
  if (!IsValue(TypeOf(expr))) {
    errors.push_back({expr.offset,
                      "a rule's expression yields a scalar or an instant vector, got a " +
                          std::string(ToString(TypeOf(expr))),
                      MendFor(ValueType::kVector, TypeOf(expr))});
  }
  return errors;
}

}  // namespace fleet_edge::rules
