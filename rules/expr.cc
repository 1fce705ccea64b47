#include "rules/expr.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/function.h"
#include "rules/overloaded.h"
#include "rules/projection.h"
#include "rules/promql_duration.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

std::string Listed(std::string_view word, const std::vector<std::string>& names) {
  std::string text(word);
  text += " (";
  for (const std::string& name : names) {
    if (text.back() != '(') text += ", ";
    text += name;
  }
  return text + ")";
}

std::string OffsetText(Duration offset) {
  return offset == Duration{0} ? std::string() : " offset " + ToPromQl(offset);
}

std::string ToText(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

std::string ToText(const VectorSelector& vector) {
  return ToString(vector.selector) + OffsetText(vector.offset);
}

std::string ToText(const RangeSelector& range) {
  return ToString(range.selector) + "[" + ToPromQl(range.range) + "]" + OffsetText(range.offset);
}

std::string ToText(const Matching& matching) {
  using Cardinality = Matching::Cardinality;
  const bool grouped = matching.cardinality != Cardinality::kOneToOne;
  std::string text;
  if (matching.labels.kind == LabelChoice::Kind::kOnly) {
    text = Listed(" on", matching.labels.names);
  } else if (grouped || !matching.labels.names.empty()) {
    text = Listed(" ignoring", matching.labels.names);
  }
  if (!grouped) return text;
  const bool left = matching.cardinality == Cardinality::kManyToOne;
  return text + Listed(left ? " group_left" : " group_right", matching.included);
}

std::string ToText(const BinaryExpr& binary) {
  std::string left = ToString(*binary.left);
  // A minus before it would be read as one before the whole power.
  if (binary.op == BinaryOp::kPower && left.starts_with('-')) left = "(" + left + ")";
  std::string text = "(" + left + " ";
  text += ToString(binary.op);
  if (binary.returns_bool) text += " bool";
  return text + ToText(binary.matching) + " " + ToString(*binary.right) + ")";
}

std::string ToText(const AggregateExpr& aggregate) {
  std::string text(ToString(aggregate.op));
  const bool only = aggregate.grouping.kind == LabelChoice::Kind::kOnly;
  if (!only || !aggregate.grouping.names.empty())
    text += Listed(only ? " by" : " without", aggregate.grouping.names) + " ";
  text += "(";
  if (aggregate.parameter != nullptr) text += ToString(*aggregate.parameter) + ", ";
  return text + ToString(*aggregate.operand) + ")";
}

std::string ToText(const CallExpr& call) {
  std::string text(call.function->name);
  text += '(';
  for (const ExprPtr& argument : call.arguments) {
    if (text.back() != '(') text += ", ";
    text += ToString(*argument);
  }
  return text + ")";
}

}  // namespace

bool IsComparison(BinaryOp op) { return op >= BinaryOp::kEqual && op <= BinaryOp::kGreaterEqual; }
bool IsSetOperator(BinaryOp op) { return op >= BinaryOp::kAnd; }

std::string_view ToString(BinaryOp op) {
  static constexpr std::array<std::string_view, 16> kNames{"+",     "-",   "*",  "/",     "%",  "^",
                                                           "atan2", "==",  "!=", "<",     "<=", ">",
                                                           ">=",    "and", "or", "unless"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::string_view ToString(AggregateOp op) {
  static constexpr std::array<std::string_view, kAggregateOps> kNames{
      "sum",    "min",    "max",      "avg",  "count",   "group",
      "stddev", "stdvar", "quantile", "topk", "bottomk", "count_values"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::optional<ValueType> ParameterOf(AggregateOp op) {
  switch (op) {
    case AggregateOp::kQuantile:
    case AggregateOp::kTopk:
    case AggregateOp::kBottomk:
      return ValueType::kScalar;
    case AggregateOp::kCountValues:
      return ValueType::kString;
    default:
      return std::nullopt;
  }
}

ValueType TypeOf(const Expr& expr) {
  return std::visit(Overloaded{
                        [](const NumberLiteral&) { return ValueType::kScalar; },
                        [](const StringLiteral&) { return ValueType::kString; },
                        [](const VectorSelector&) { return ValueType::kVector; },
                        [](const RangeSelector&) { return ValueType::kRange; },
                        [](const Signed& value) { return TypeOf(*value.operand); },
                        [](const BinaryExpr& binary) {
                          const bool scalar = TypeOf(*binary.left) == ValueType::kScalar &&
                                              TypeOf(*binary.right) == ValueType::kScalar;
                          return scalar ? ValueType::kScalar : ValueType::kVector;
                        },
                        [](const AggregateExpr&) { return ValueType::kVector; },
                        [](const CallExpr& call) { return call.function->result; },
                    },
                    expr.node);
}

std::string ToString(const Expr& expr) {
  return std::visit(Overloaded{
                        [](const NumberLiteral& number) { return ToText(number.value); },
                        [](const StringLiteral& text) { return Quoted(text.value); },
                        [](const Signed& value) {
                          return (value.negative ? "-" : "+") + ToString(*value.operand);
                        },
                        [](const auto& node) { return ToText(node); },
                    },
                    expr.node);
}

}  // namespace fleet_edge::rules
