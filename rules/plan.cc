#include "rules/plan.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/aggregations.h"
#include "rules/expr.h"
#include "rules/factory_context.h"
#include "rules/function.h"
#include "rules/function_nodes.h"
#include "rules/node.h"
#include "rules/operator_nodes.h"
#include "rules/overloaded.h"
#include "rules/selector.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {
namespace {

double Negate(double value) { return -value; }

bool IsScalar(const Expr& expr) { return TypeOf(expr) == ValueType::kScalar; }

/// Calls `visit` with each selector in `expr`, written or implied, and how far back it looks.
template <typename Visit>
void ForEachSelector(const Expr& expr, Duration lookback, const Visit& visit) {
  ForEachNode(expr, [&](const Expr& node) {
    if (const auto* vector = std::get_if<VectorSelector>(&node.node))
      visit(vector->selector, lookback + vector->offset);
    if (const auto* range = std::get_if<RangeSelector>(&node.node))
      visit(range->selector, range->range + range->offset);
    const auto* const call = std::get_if<CallExpr>(&node.node);
    if (call == nullptr || call->function->implied == nullptr) return;
    for (const ImpliedSelector& implied : call->function->implied(*call))
      visit(SelectorOf(implied.metric), implied.range.value_or(lookback));
  });
}

/// Which argument a function is of; all others are scalars.
std::size_t SubjectOf(const Function& function) {
  const auto range = std::ranges::find(function.arguments, ValueType::kRange);
  return range == function.arguments.end()
             ? 0
             : static_cast<std::size_t>(range - function.arguments.begin());
}

/// True when `expr` calls a function for which `property` holds.
bool Calls(const Expr& expr, bool Function::* property) {
  bool calls = false;
  ForEachNode(expr, [&](const Expr& node) {
    const auto* const call = std::get_if<CallExpr>(&node.node);
    calls = calls || (call != nullptr && call->function->*property);
  });
  return calls;
}

}  // namespace

Node& Plan::Add(const Expr& expr, GroupId group, Duration lookback) {
  ForEachSelector(expr, lookback, [&](const Selector& selector, Duration reach) {
    Selection& selection = Select(selector);
    selection.reach = std::max(selection.reach, reach);
    const auto at = std::ranges::lower_bound(selection.groups, group);
    if (at == selection.groups.end() || *at != group) selection.groups.insert(at, group);
  });
  return Share(expr, {group, lookback});
}

std::vector<Selection*> Plan::selections() {
  std::vector<Selection*> all;
  all.reserve(all_selections_.size());
  for (const auto& selection : all_selections_) all.push_back(selection.get());
  return all;
}

void Plan::Seal() {
  const auto keep = [](auto& from, auto& into) {
    into.reserve(into.size() + from.size());
    for (auto& [text, made] : from) into.push_back(std::move(made));
    std::decay_t<decltype(from)>().swap(from);
  };
  keep(selections_, all_selections_);
  keep(windows_, all_windows_);
  keep(nodes_, all_nodes_);
}

Node& Plan::Share(const Expr& expr, Scope scope) {
  if (const auto* value = std::get_if<Signed>(&expr.node); value != nullptr && !value->negative)
    return Share(*value->operand, scope);
  std::string key = ToString(expr) + "|" + fleet_edge::ToString(scope.lookback);
  if (Calls(expr, &Function::stateful)) key += "|" + std::to_string(scope.group);
  if (const auto found = nodes_.find(key); found != nodes_.end()) return *found->second;
  Node& node = *nodes_.emplace(key, Make(expr, scope)).first->second;
  const auto* const call = std::get_if<CallExpr>(&expr.node);
  if (call != nullptr && call->function->stateful) {
    stateful_.push_back({scope.group, ToString(expr), &node});
  }
  return node;
}

std::unique_ptr<Node> Plan::Make(const Expr& expr, Scope scope) {
  if (const auto* number = std::get_if<NumberLiteral>(&expr.node)) {
    return std::make_unique<NumberNode>(number->value);
  }
  if (const auto* vector = std::get_if<VectorSelector>(&expr.node)) {
    return std::make_unique<VectorNode>(Select(vector->selector), scope.lookback, vector->offset);
  }
  if (const auto* value = std::get_if<Signed>(&expr.node)) {
    return std::make_unique<ElementFunctionNode>(Share(*value->operand, scope), Negate);
  }
  if (const auto* aggregate = std::get_if<AggregateExpr>(&expr.node)) {
    return MakeAggregate(*aggregate, scope);
  }
  if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) return MakeBinary(*binary, scope);
  const auto* const call = std::get_if<CallExpr>(&expr.node);
  assert(call != nullptr);  // ranges and strings are arguments: their function takes them
  return MakeCall(*call, scope);
}

std::unique_ptr<Node> Plan::MakeAggregate(const AggregateExpr& aggregate, Scope scope) {
  const auto& [op, grouping, parameter, expr] = aggregate;
  Node& operand = Share(*expr, scope);
  if (op == AggregateOp::kCountValues) {
    const std::string& label = std::get<StringLiteral>(parameter->node).value;
    return std::make_unique<CountValuesNode>(pool_, grouping, label, operand);
  }
  if (!ParameterOf(op)) return std::make_unique<AggregateNode>(pool_, op, grouping, operand);
  Node& number = Share(*parameter, scope);
  if (op == AggregateOp::kQuantile)
    return std::make_unique<QuantileNode>(pool_, grouping, number, operand);
  return std::make_unique<RankNode>(pool_, op, grouping, number, operand);
}

std::unique_ptr<Node> Plan::MakeBinary(const BinaryExpr& binary, Scope scope) {
  Node& left = Share(*binary.left, scope);
  Node& right = Share(*binary.right, scope);
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

std::unique_ptr<Node> Plan::MakeCall(const CallExpr& call, Scope scope) {
  using Made = std::unique_ptr<Node>;
  const std::size_t subject = SubjectOf(*call.function);
  const auto windows = [&]() -> Windows& {
    return WindowsOf(std::get<RangeSelector>(call.arguments[subject]->node));
  };
  const auto operand = [&]() -> Node& { return Share(*call.arguments[subject], scope); };
  const auto scalars = [&] {
    std::vector<Node*> nodes;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      if (i != subject) nodes.push_back(&Share(*call.arguments[i], scope));
    }
    return ScalarArguments(std::move(nodes));
  };
  return std::visit(
      Overloaded{
          [&](WindowFunction function) -> Made {
            return std::make_unique<WindowFunctionNode>(windows(), function,
                                                        call.function->keeps_name);
          },
          [&](SlidingFunction slide) -> Made { return slide(windows()); },
          [&](ParametricWindowFunction function) -> Made {
            return std::make_unique<ParametricWindowFunctionNode>(windows(), scalars(), function);
          },
          [&](ElementFunction function) -> Made {
            return std::make_unique<ElementFunctionNode>(operand(), function);
          },
          [&](ParametricElementFunction function) -> Made {
            return std::make_unique<ParametricElementFunctionNode>(operand(), scalars(), function);
          },
          [&](InstantFunction function) -> Made {
            return std::make_unique<InstantFunctionNode>(function);
          },
          [&](VectorFunction function) -> Made {
            return std::make_unique<VectorFunctionNode>(operand(), function);
          },
          [&](NodeFactory make) -> Made {
            FactoryContext context(*this, call, scope);
            return make(context);
          },
      },
      call.function->implementation);
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

bool Moves(const Expr& expr) { return Calls(expr, &Function::moves); }

}  // namespace fleet_edge::rules
