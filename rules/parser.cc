#include "rules/parser.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/nearest.h"
#include "core/time.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/function.h"
#include "rules/matching_parser.h"
#include "rules/number.h"
#include "rules/projection.h"
#include "rules/promql_duration.h"
#include "rules/selector_parser.h"
#include "rules/token.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {
namespace {

constexpr int kDeepest = 100;

constexpr int kLowest = 1;
constexpr int kPower = 6;

/// How tightly an operator binds its operands; in the order of BinaryOp.
constexpr std::array<int, 16> kPrecedence{4, 4, 5, 5, 5, kPower, 5, 3, 3, 3, 3, 3, 3, 2, 1, 2};

constexpr std::array<std::string_view, 2> kForeignAggregations{"limitk", "limit_ratio"};

std::optional<BinaryOp> FindBinaryOp(const Token& token) {
  if (token.kind != Token::Kind::kOperator && token.kind != Token::Kind::kIdentifier)
    return std::nullopt;
  const std::string text = Lower(token.text);
  for (std::size_t i = 0; i < kPrecedence.size(); ++i) {
    if (ToString(static_cast<BinaryOp>(i)) == text) return static_cast<BinaryOp>(i);
  }
  return std::nullopt;
}

/// True for a word that can't name a metric.
bool IsKeyword(const Token& token) {
  static constexpr std::array<std::string_view, 5> kWords{"bool", "on", "ignoring", "group_left",
                                                          "group_right"};
  return FindBinaryOp(token) || std::ranges::find(kWords, Lower(token.text)) != kWords.end();
}

std::optional<AggregateOp> FindAggregateOp(std::string_view word) {
  for (int i = 0; i < kAggregateOps; ++i) {
    if (ToString(static_cast<AggregateOp>(i)) == word) return static_cast<AggregateOp>(i);
  }
  return std::nullopt;
}

ExprPtr Make(std::size_t offset, Expr::Node node) {
  return std::make_unique<Expr>(Expr{offset, std::move(node)});
}

/// Recursive descent, binary operators by precedence climbing.
class Parser {
 public:
  explicit Parser(std::string_view text) : reader_(text) {}

  ExprPtr Run() {
    if (reader_.AtEnd()) {
      reader_.Refuse("the expression is empty", "Write one, like `engine_coolant_celsius > 105`");
    }
    ExprPtr expr = ParseBinary(kLowest);
    if (!reader_.AtEnd()) RefuseRest();
    return expr;
  }

 private:
  ExprPtr ParseBinary(int lowest) {
    if (++depth_ > kDeepest) reader_.Refuse("nested too deeply", "At most 100 levels");
    ExprPtr left = ParseUnary();
    for (auto op = FindBinaryOp(reader_.Next()); op; op = FindBinaryOp(reader_.Next())) {
      const int precedence = kPrecedence.at(static_cast<std::size_t>(*op));
      if (precedence < lowest) break;
      left = ParseRight(*op, precedence, std::move(left));
    }
    --depth_;
    return left;
  }

  /// From the operator on.
  ExprPtr ParseRight(BinaryOp op, int precedence, ExprPtr left) {
    const std::size_t offset = reader_.Take().offset;
    BinaryExpr binary{op, false, {}, std::move(left), nullptr};
    if (reader_.NextIsWord("bool")) {
      if (!IsComparison(op)) {
        reader_.Refuse("'bool' behind '" + std::string(ToString(op)) + "', which compares nothing",
                       "Remove 'bool'");
      }
      reader_.Take();
      binary.returns_bool = true;
    }
    binary.matching = TakeMatching(reader_, op);
    binary.right = ParseBinary(precedence == kPower ? kPower : precedence + 1);
    return Make(offset, std::move(binary));
  }

  ExprPtr ParseUnary() {
    if (!reader_.NextIs("-") && !reader_.NextIs("+")) return ParsePrimary();
    const Token sign = reader_.Take();
    ExprPtr operand = ParseBinary(kPower);
    if (std::holds_alternative<RangeSelector>(operand->node) ||
        std::holds_alternative<StringLiteral>(operand->node)) {
      throw ExpressionError{sign.offset, "'" + sign.text + "' stands before what is no number",
                            "Remove it"};
    }
    const bool negative = sign.text == "-";
    if (auto* number = std::get_if<NumberLiteral>(&operand->node)) {
      return Make(sign.offset, NumberLiteral{negative ? -number->value : number->value});
    }
    return Make(sign.offset, Signed{negative, std::move(operand)});
  }

  ExprPtr ParsePrimary() {
    const Token& token = reader_.Next();
    if (token.kind == Token::Kind::kNumber || token.kind == Token::Kind::kDuration)
      return ParseNumberToken();
    if (token.kind == Token::Kind::kString)
      return Make(token.offset, StringLiteral{reader_.Take().text});
    if (token.kind == Token::Kind::kIdentifier && !IsKeyword(token)) return ParseWord();
    if (token.Is("{")) return ParseSelector(reader_);
    if (!token.Is("(")) {
      reader_.Refuse("expected an expression, got " + Show(token),
                     "Write a metric, a number, a function or '('");
    }
    reader_.Take();
    ExprPtr inner = ParseBinary(kLowest);
    if (!reader_.NextIs(")") && !reader_.AtEnd()) RefuseRest();
    reader_.Expect(")", "to close '('");
    RefuseRangeOfExpression();
    return inner;
  }

  ExprPtr ParseNumberToken() {
    const Token& token = reader_.Next();
    std::optional<double> value;
    if (token.kind == Token::Kind::kNumber) {
      value = ParseNumber(token.text);
    } else if (const auto duration = ParsePromQlDuration(token.text)) {
      value = ToSeconds(*duration);
    }
    if (!value) {
      reader_.Refuse(Show(token) + " is neither a number nor a duration",
                     "Write 42, 1.5, 1e3, 0x1f, or units in falling order like 1h30m");
    }
    return Make(reader_.Take().offset, NumberLiteral{*value});
  }

  /// A word: a number by name, an aggregation, a function, or a metric.
  ExprPtr ParseWord() {
    const std::string word = Lower(reader_.Next().text);
    if (!reader_.FollowedBy("(") && !reader_.FollowedByWord("by") &&
        !reader_.FollowedByWord("without")) {
      using Limits = std::numeric_limits<double>;
      if (word == "inf") return Make(reader_.Take().offset, NumberLiteral{Limits::infinity()});
      if (word == "nan") return Make(reader_.Take().offset, NumberLiteral{Limits::quiet_NaN()});
      return ParseSelector(reader_);
    }
    if (const auto op = FindAggregateOp(word)) return ParseAggregate(*op);
    if (std::ranges::find(kForeignAggregations, word) != kForeignAggregations.end()) {
      reader_.Refuse("aggregation '" + word + "' is not supported",
                     "topk and bottomk take the first elements by their values");
    }
    return ParseCall();
  }

  std::optional<LabelChoice> ParseGrouping() {
    const bool by = reader_.NextIsWord("by");
    if (!by && !reader_.NextIsWord("without")) return std::nullopt;
    reader_.Take();
    return LabelChoice{by ? LabelChoice::Kind::kOnly : LabelChoice::Kind::kExcept,
                       reader_.TakeLabelNames()};
  }

  ExprPtr ParseAggregate(AggregateOp op) {
    const Token name = reader_.Take();
    std::optional<LabelChoice> grouping = ParseGrouping();
    std::vector<ExprPtr> arguments = ParseArguments();
    if (!grouping) grouping = ParseGrouping();
    CheckCount(name, op, arguments.size());
    RefuseRangeOfExpression();
    AggregateExpr aggregate{op, {LabelChoice::Kind::kOnly, {}}, nullptr, nullptr};
    if (grouping) aggregate.grouping = std::move(*grouping);
    if (arguments.size() == 2) aggregate.parameter = std::move(arguments.front());
    aggregate.operand = std::move(arguments.back());
    return Make(name.offset, std::move(aggregate));
  }

  static void CheckCount(const Token& name, AggregateOp op, std::size_t got) {
    const std::optional<ValueType> parameter = ParameterOf(op);
    if (got == (parameter ? 2 : 1)) return;
    std::string what = "'" + name.text + "' takes ";
    what += parameter ? "2 arguments" : "1 argument";
    std::string mend = "Write " + name.text;
    mend += !parameter ? "(…)" : *parameter == ValueType::kString ? "(\"label\", …)" : "(1, …)";
    throw ExpressionError{name.offset, what + ", got " + std::to_string(got), std::move(mend)};
  }

  ExprPtr ParseCall() {
    const Token& name = reader_.Next();
    const Function* const function = FindFunction(name.text);
    if (function == nullptr) RefuseFunction(name.text);
    const std::size_t offset = reader_.Take().offset;
    std::vector<ExprPtr> arguments = ParseArguments();
    RefuseRangeOfExpression();
    if (!function->default_argument.empty() && arguments.size() == function->least_arguments())
      arguments.push_back(ParseExpression(function->default_argument));
    return Make(offset, CallExpr{function, std::move(arguments)});
  }

  [[noreturn]] void RefuseFunction(const std::string& name) const {
    std::vector<std::string_view> names;
    for (const Function& function : Functions()) names.push_back(function.name);
    std::vector<std::string_view> callable = names;
    for (int i = 0; i < kAggregateOps; ++i) {
      callable.push_back(ToString(static_cast<AggregateOp>(i)));
    }
    const std::string_view near = Nearest(name, callable);
    const std::string_view new_name = NewNameOf(name);
    std::string mend = near.empty() ? "Supported:" : "Did you mean '" + std::string(near) + "'?";
    if (!new_name.empty()) {
      mend = "It is called '" + std::string(new_name) + "' since Prometheus 3";
    } else if (near.empty()) {
      for (const std::string_view known : names) mend.append(" ").append(known);
    }
    reader_.Refuse(IsForeignFunction(name) ? "function '" + name + "' is not supported"
                                           : "there is no function '" + name + "'",
                   std::move(mend));
  }

  std::vector<ExprPtr> ParseArguments() {
    reader_.Expect("(", "before the arguments");
    std::vector<ExprPtr> arguments;
    if (reader_.TakeOperator(")")) return arguments;
    do {
      arguments.push_back(ParseBinary(kLowest));
    } while (reader_.TakeOperator(","));
    if (!reader_.NextIs(")") && !reader_.AtEnd()) RefuseRest();
    reader_.Expect(")", "after the arguments");
    return arguments;
  }

  void RefuseRangeOfExpression() const {
    RefuseModifiers(reader_);
    RefuseOffset(reader_);
    if (reader_.NextIs("[")) {
      reader_.Refuse("subqueries are not supported",
                     "Record the expression by a rule of its own and take the range of that");
    }
  }

  /// What stands where an operator or the end should.
  [[noreturn]] void RefuseRest() const {
    const Token& token = reader_.Next();
    RefuseModifiers(reader_);
    RefuseOffset(reader_);
    if (token.Is("</") || token.Is(">/")) {
      reader_.Refuse("operator " + Show(token) + " is not supported",
                     "Supported: + - * / % ^ atan2 == != < <= > >= and or unless");
    }
    if (token.Is("=")) reader_.Refuse("'=' compares nothing here", "Write '=='");
    if (token.Is(")")) reader_.Refuse("')' closes nothing", "Remove it, or open it with '('");
    reader_.Refuse("expected an operator or the end, got " + Show(token),
                   "Join two expressions by an operator, like `and`");
  }

  TokenReader reader_;
  int depth_ = 0;
};

}  // namespace

ExprPtr ParseExpression(std::string_view text) { return Parser(text).Run(); }

}  // namespace fleet_edge::rules
