#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/function.h"
#include "rules/projection.h"
#include "rules/selector.h"

namespace fleet_edge::rules {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

enum class BinaryOp : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kAtan2,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAnd,
  kOr,
  kUnless,
};

bool IsComparison(BinaryOp op);
bool IsSetOperator(BinaryOp op);
std::string_view ToString(BinaryOp op);

enum class AggregateOp : std::uint8_t {
  kSum,
  kMin,
  kMax,
  kAvg,
  kCount,
  kGroup,
  kStddev,
  kStdvar,
  kQuantile,
  kTopk,
  kBottomk,
  kCountValues,
};

inline constexpr int kAggregateOps = 12;

/// What an aggregation takes before its vector: a scalar, a string, or nothing.
std::optional<ValueType> ParameterOf(AggregateOp op);
std::string_view ToString(AggregateOp op);

struct NumberLiteral {
  double value;
};

struct StringLiteral {
  std::string value;
};

/// The newest sample of each series, seen from T − offset.
struct VectorSelector {
  Selector selector;
  Duration offset{};  ///< not negative
};

/// All samples of each series in (T − offset − range, T − offset].
struct RangeSelector {
  Selector selector;
  Duration range;
  Duration offset{};  ///< not negative
};

/// A sign before an expression. `+` changes no value, and yet what follows is no plain selector.
struct Signed {
  bool negative;
  ExprPtr operand;
};

/// Which elements of two vectors meet.
struct Matching {
  enum class Cardinality : std::uint8_t { kOneToOne, kManyToOne, kOneToMany };

  LabelChoice labels;                                ///< that elements which meet agree in
  Cardinality cardinality = Cardinality::kOneToOne;  ///< kManyToOne: `group_left`
  std::vector<std::string> included{};               ///< labels that the one side lends, sorted
};

struct BinaryExpr {
  BinaryOp op;
  bool returns_bool;  ///< `bool`: 0 or 1 instead of a filter
  Matching matching;
  ExprPtr left;
  ExprPtr right;
};

struct AggregateExpr {
  AggregateOp op;
  LabelChoice grouping;
  ExprPtr parameter;  ///< null where ParameterOf() says so
  ExprPtr operand;
};

struct CallExpr {
  const Function* function;
  std::vector<ExprPtr> arguments;
};

/// A parsed expression: a tree that knows where each part stands in its text.
struct Expr {
  using Node = std::variant<NumberLiteral, StringLiteral, VectorSelector, RangeSelector, Signed,
                            BinaryExpr, AggregateExpr, CallExpr>;

  std::size_t offset = 0;  ///< of its first character in the text
  Node node;
};

ValueType TypeOf(const Expr& expr);

/// The expression in one normal form: equal texts mean equal results at any instant.
std::string ToString(const Expr& expr);

/// Calls `visit` for `expr` and all that is in it.
template <typename Visit>
void ForEachNode(const Expr& expr, const Visit& visit) {
  visit(expr);
  if (const auto* value = std::get_if<Signed>(&expr.node)) {
    ForEachNode(*value->operand, visit);
  } else if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) {
    ForEachNode(*binary->left, visit);
    ForEachNode(*binary->right, visit);
  } else if (const auto* aggregate = std::get_if<AggregateExpr>(&expr.node)) {
    if (aggregate->parameter != nullptr) ForEachNode(*aggregate->parameter, visit);
    ForEachNode(*aggregate->operand, visit);
  } else if (const auto* call = std::get_if<CallExpr>(&expr.node)) {
    for (const ExprPtr& argument : call->arguments) ForEachNode(*argument, visit);
  }
}

}  // namespace fleet_edge::rules
