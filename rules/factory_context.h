#pragma once

#include <cstddef>
#include <string_view>

#include "core/time.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/plan.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// What a function's node is made of: the call's arguments and, shared with all other rules, what
/// they yield. Nodes and windows that it hands out live as long as the node that is made; the call
/// and its texts only as long as this.
///
/// Made by the Plan for one call of a NodeFactory.
class FactoryContext {
 public:
  FactoryContext(Plan& plan, const CallExpr& call, Scope scope)
      : plan_(plan), call_(call), scope_(scope) {}

  const CallExpr& call() const { return call_; }

  /// The index-th argument, which must be of the kind asked for: a scalar or an instant vector; a
  /// range; a literal.
  Node& Operand(std::size_t index);
  Windows& Range(std::size_t index);
  std::string_view Text(std::size_t index) const;
  double Number(std::size_t index) const;

  /// The series of an argument, or part of one, that is a selector.
  const Selection& SelectionOf(const VectorSelector& selector);

  /// What an ImpliedSelector of the call reads: the newest sample of each series within the
  /// lookback, or all in a range.
  Node& Newest(std::string_view metric);
  Windows& RangeOf(std::string_view metric, Duration range);

  LabelPool& pool();
  /// Live as long as the plan.
  const Geofences& geofences() const;
  GroupId group() const { return scope_.group; }
  Duration lookback() const { return scope_.lookback; }

 private:
  Plan& plan_;
  const CallExpr& call_;
  const Scope scope_;
};

}  // namespace fleet_edge::rules
