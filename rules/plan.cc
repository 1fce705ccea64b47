#include "rules/plan.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/expr.h"
#include "rules/function.h"
#include "rules/node.h"
#include "rules/operator_nodes.h"
#include "rules/selector.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {
namespace {

double Negate(double value) { return -value; }

bool IsScalar(const Expr& expr) { return TypeOf(expr) == ValueType::kScalar; }

/// Calls `visit` with each selector in `expr` and how far back it looks.
template <typename Visit>
void ForEachSelector(const Expr& expr, Duration lookback, const Visit& visit) {
  ForEachNode(expr, [&](const Expr& node) {
    if (const auto* vector = std::get_if<VectorSelector>(&node.node))
      visit(vector->selector, lookback + vector->offset);
    if (const auto* range = std::get_if<RangeSelector>(&node.node))
      visit(range->selector, range->range + range->offset);
  });
}

}  // namespace

Node& Plan::Add(const Expr& expr, GroupId group, Duration lookback) {
  ForEachSelector(expr, lookback, [&](const Selector& selector, Duration reach) {
    Selection& selection = Select(selector);
    selection.reach = std::max(selection.reach, reach);
    const auto at = std::ranges::lower_bound(selection.groups, group);
    if (at == selection.groups.end() || *at != group) selection.groups.insert(at, group);
  });
  return Share(expr, lookback);
}

std::vector<Selection*> Plan::selections() {
  std::vector<Selection*> all;
  all.reserve(selections_.size());
  for (const auto& [text, selection] : selections_) all.push_back(selection.get());
  return all;
}

Node& Plan::Share(const Expr& expr, Duration lookback) {
  const std::string key = ToString(expr) + "|" + fleet_edge::ToString(lookback);
  if (const auto found = nodes_.find(key); found != nodes_.end()) return *found->second;
  return *nodes_.emplace(key, Make(expr, lookback)).first->second;
}

std::unique_ptr<Node> Plan::Make(const Expr& expr, Duration lookback) {
  if (const auto* number = std::get_if<NumberLiteral>(&expr.node)) {
    return std::make_unique<NumberNode>(number->value);
  }
  if (const auto* vector = std::get_if<VectorSelector>(&expr.node)) {
    return std::make_unique<VectorNode>(Select(vector->selector), lookback, vector->offset);
  }
  if (const auto* negation = std::get_if<Negation>(&expr.node)) {
    return std::make_unique<ElementFunctionNode>(Share(*negation->operand, lookback), Negate);
  }
  if (const auto* aggregate = std::get_if<AggregateExpr>(&expr.node)) {
    return std::make_unique<AggregateNode>(pool_, aggregate->op, aggregate->grouping,
                                           Share(*aggregate->operand, lookback));
  }
  if (const auto* binary = std::get_if<BinaryExpr>(&expr.node))
    return MakeBinary(*binary, lookback);
  const auto* const call = std::get_if<CallExpr>(&expr.node);
  assert(call != nullptr);  // ranges and strings are arguments: their function takes them
  return MakeCall(*call, lookback);
}

std::unique_ptr<Node> Plan::MakeBinary(const BinaryExpr& binary, Duration lookback) {
  Node& left = Share(*binary.left, lookback);
  Node& right = Share(*binary.right, lookback);
  if (IsSetOperator(binary.op))
    return std::make_unique<SetOperatorNode>(pool_, binary, left, right);
  const bool scalar_left = IsScalar(*binary.left);
  const bool scalar_right = IsScalar(*binary.right);
  if (!scalar_left && !scalar_right)
    return std::make_unique<VectorOperatorNode>(pool_, binary, left, right);
  using Sides = ScalarOperatorNode::Sides;
  const Sides sides = !scalar_left   ? Sides::kScalarRight
                      : scalar_right ? Sides::kBothScalars
                                     : Sides::kScalarLeft;
  return std::make_unique<ScalarOperatorNode>(binary.op, binary.returns_bool, sides, left, right);
}

std::unique_ptr<Node> Plan::MakeCall(const CallExpr& call, Duration lookback) {
  const Function& function = *call.function;
  const Expr& argument = *call.arguments.front();
  if (const auto* of_element = std::get_if<ElementFunction>(&function.implementation)) {
    return std::make_unique<ElementFunctionNode>(Share(argument, lookback), *of_element);
  }
  const auto& range = std::get<RangeSelector>(argument.node);
  Windows& windows = WindowsOf(range);
  if (const auto* of_window = std::get_if<WindowFunction>(&function.implementation)) {
    return std::make_unique<WindowFunctionNode>(windows, *of_window, function.keeps_name);
  }
  return std::make_unique<AbsentNode>(windows, pool_.Intern(LabelsOfAbsent(range.selector)));
}

Selection& Plan::Select(const Selector& selector) {
  std::unique_ptr<Selection>& selection = selections_[ToString(selector)];
  if (selection == nullptr)
    selection = std::make_unique<Selection>(Selection{.selector = selector});
  return *selection;
}

Windows& Plan::WindowsOf(const RangeSelector& range) {
  const std::string key = ToString(range.selector) + "|" + fleet_edge::ToString(range.range) + "|" +
                          fleet_edge::ToString(range.offset);
  std::unique_ptr<Windows>& windows = windows_[key];
  if (windows == nullptr)
    windows = std::make_unique<Windows>(Select(range.selector), range.range, range.offset);
  return *windows;
}

Duration ReachOf(const Expr& expr, Duration lookback) {
  Duration reach{};
  ForEachSelector(expr, lookback,
                  [&](const Selector&, Duration each) { reach = std::max(reach, each); });
  return reach;
}

}  // namespace fleet_edge::rules
