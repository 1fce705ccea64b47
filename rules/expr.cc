#include "rules/expr.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "core/time.h"
#include "rules/function.h"
#include "rules/overloaded.h"
#include "rules/projection.h"
#include "rules/promql_duration.h"
#include "rules/selector.h"

namespace fleet_edge::rules {
namespace {

std::string Listed(std::string_view word, const LabelChoice& choice) {
  std::string text(word);
  text += " (";
  for (const std::string& name : choice.names) {
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

std::string ToText(const BinaryExpr& binary) {
  std::string text = "(" + ToString(*binary.left) + " ";
  text += ToString(binary.op);
  if (binary.returns_bool) text += " bool";
  if (binary.matching.kind == LabelChoice::Kind::kOnly)
    text += Listed(" on", binary.matching);
  else if (!binary.matching.names.empty())
    text += Listed(" ignoring", binary.matching);
  return text + " " + ToString(*binary.right) + ")";
}

std::string ToText(const AggregateExpr& aggregate) {
  std::string text(ToString(aggregate.op));
  const bool only = aggregate.grouping.kind == LabelChoice::Kind::kOnly;
  if (!only || !aggregate.grouping.names.empty())
    text += Listed(only ? " by" : " without", aggregate.grouping) + " ";
  return text + "(" + ToString(*aggregate.operand) + ")";
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
  static constexpr std::array<std::string_view, 15> kNames{
      "+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "and", "or", "unless"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::string_view ToString(AggregateOp op) {
  static constexpr std::array<std::string_view, 6> kNames{"sum", "min",   "max",
                                                          "avg", "count", "stddev"};
  return kNames.at(static_cast<std::size_t>(op));
}

ValueType TypeOf(const Expr& expr) {
  return std::visit(Overloaded{
                        [](const NumberLiteral&) { return ValueType::kScalar; },
                        [](const StringLiteral&) { return ValueType::kString; },
                        [](const VectorSelector&) { return ValueType::kVector; },
                        [](const RangeSelector&) { return ValueType::kRange; },
                        [](const Negation& negation) { return TypeOf(*negation.operand); },
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
                        [](const Negation& negation) { return "-" + ToString(*negation.operand); },
                        [](const auto& node) { return ToText(node); },
                    },
                    expr.node);
}

}  // namespace fleet_edge::rules
