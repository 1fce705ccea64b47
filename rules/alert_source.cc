#include "rules/alert_source.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/diagnostic.h"
#include "rules/engine_options.h"
#include "rules/expr.h"
#include "rules/function.h"
#include "rules/geofence.h"
#include "rules/geojson.h"
#include "rules/plan.h"
#include "rules/raw_rule_file.h"
#include "rules/rule_file.h"
#include "rules/rule_inputs.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {
namespace {

/// What yields values of the very series that it is of, or a mean of them.
constexpr std::array<std::string_view, 5> kOfTheValues{
    "avg_over_time", "last_over_time", "max_over_time", "min_over_time", "quantile_over_time"};

bool KeepsValues(AggregateOp op) {
  return op == AggregateOp::kMin || op == AggregateOp::kMax || op == AggregateOp::kAvg ||
         op == AggregateOp::kQuantile || op == AggregateOp::kTopk || op == AggregateOp::kBottomk;
}

/// The series whose values, as they are or as a mean of them, `expr` yields; empty when there is
/// none, or when it is not known by its name.
std::string_view SignalOf(const Expr& expr) {
  if (const auto* vector = std::get_if<VectorSelector>(&expr.node)) return vector->selector.name();
  if (const auto* range = std::get_if<RangeSelector>(&expr.node)) return range->selector.name();
  if (const auto* aggregate = std::get_if<AggregateExpr>(&expr.node)) {
    return KeepsValues(aggregate->op) ? SignalOf(*aggregate->operand) : std::string_view();
  }
  if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) {
    // A filter yields its left side.
    const bool filters = IsComparison(binary->op) && !binary->returns_bool;
    return filters ? SignalOf(*binary->left) : std::string_view();
  }
  const auto* const call = std::get_if<CallExpr>(&expr.node);
  if (call == nullptr ||
      std::ranges::find(kOfTheValues, call->function->name) == kOfTheValues.end()) {
    return {};
  }
  for (const ExprPtr& argument : call->arguments) {
    if (TypeOf(*argument) == ValueType::kRange) return SignalOf(*argument);
  }
  return {};
}

std::optional<double> NumberOf(const Expr& expr) {
  if (const auto* number = std::get_if<NumberLiteral>(&expr.node)) return number->value;
  const auto* const sign = std::get_if<Signed>(&expr.node);
  if (sign == nullptr) return std::nullopt;
  const std::optional<double> value = NumberOf(*sign->operand);
  return value && sign->negative ? std::optional(-*value) : value;
}

/// `45 < x` is `x > 45`.
BinaryOp Turned(BinaryOp op) {
  switch (op) {
    case BinaryOp::kLess:
      return BinaryOp::kGreater;
    case BinaryOp::kLessEqual:
      return BinaryOp::kGreaterEqual;
    case BinaryOp::kGreater:
      return BinaryOp::kLess;
    case BinaryOp::kGreaterEqual:
      return BinaryOp::kLessEqual;
    default:
      return op;
  }
}

std::vector<Threshold> ThresholdsOf(const Expr& expr) {
  std::vector<Threshold> thresholds;
  ForEachNode(expr, [&thresholds](const Expr& part) {
    const auto* const binary = std::get_if<BinaryExpr>(&part.node);
    if (binary == nullptr || !IsComparison(binary->op)) return;
    const std::optional<double> right = NumberOf(*binary->right);
    const std::optional<double> left = NumberOf(*binary->left);
    if (right.has_value() == left.has_value()) return;
    const std::string_view signal = SignalOf(right ? *binary->left : *binary->right);
    if (signal.empty()) return;
    Threshold threshold{.signal = std::string(signal),
                        .op = right ? binary->op : Turned(binary->op),
                        .value = right ? *right : *left};
    if (std::ranges::find(thresholds, threshold) == thresholds.end()) {
      thresholds.push_back(std::move(threshold));
    }
  });
  return thresholds;
}

/// Without the blanks around it, and the indentation of a block.
std::string Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \n") - begin + 1));
}

AlertSource SourceOf(const GroupSpec& group, const RuleSpec& rule, const RawRule& raw,
                     const RuleInputs& inputs) {
  return {.file = group.file,
          .group = group.name,
          .expr = Trimmed(raw.expr.text),
          .clear = Trimmed(raw.clear.text),
          .hold = raw.hold.value_or(Duration{}),
          .reach = ReachOf(*rule.expr, group.lookback),
          .inputs = inputs.Of(*rule.expr),
          .thresholds = ThresholdsOf(*rule.expr)};
}

}  // namespace

AlertSources ReadAlertSources(const std::vector<RuleText>& files) {
  AlertSources sources;
  Diagnostics findings;
  const Geofences geofences = ReadGeofences(files, findings);
  const RuleInputs inputs(files);
  for (const RuleText& file : files) {
    if (file.has_geofences()) continue;
    std::vector<RawGroup> raw;
    const std::vector<GroupSpec> groups =
        ReadRuleFile(file, EngineOptions{}.lookback, geofences, findings, raw);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      for (std::size_t r = 0; r < groups[g].rules.size(); ++r) {
        const RuleSpec& rule = groups[g].rules[r];
        if (rule.kind != RuleSpec::Kind::kAlert) continue;
        sources.emplace(rule.name, SourceOf(groups[g], rule, raw[g].rules[r], inputs));
      }
    }
  }
  return sources;
}

}  // namespace fleet_edge::rules
