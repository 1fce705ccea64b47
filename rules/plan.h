#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/selector_nodes.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// For whom an operation is made.
struct Scope {
  GroupId group;
  Duration lookback;
};

/// All operations that the rules of a program ask for. What reads the same in several rules is
/// there once: selections by selector, windows by selector, range and offset, nodes by expression.
/// What keeps state is there once for each group.
///
/// Owned by the engine's program, on its thread.
class Plan {
 public:
  /// Both outlive this; expressions name only geofences that are there.
  Plan(LabelPool& pool, const Geofences& geofences) : pool_(pool), geofences_(geofences) {}

  /// The node that evaluates `expr`, which must have passed CheckTypes(), for a rule of `group`.
  /// Lives as long as this.
  Node& Add(const Expr& expr, GroupId group, Duration lookback);

  /// To wire the store with, once sealed.
  std::vector<Selection*> selections();

  /// Forgets what only Add() needs: with ten thousand rules their texts are most of the memory.
  void Seal();

  /// A node that remembers, and what an equal one of another program is known by.
  struct Stateful {
    GroupId group;
    std::string expression;
    Node* node;
  };
  const std::vector<Stateful>& stateful() const { return stateful_; }

 private:
  friend class FactoryContext;

  Node& Share(const Expr& expr, Scope scope);
  std::unique_ptr<Node> Make(const Expr& expr, Scope scope);
  std::unique_ptr<Node> MakeAggregate(const AggregateExpr& aggregate, Scope scope);
  std::unique_ptr<Node> MakeBinary(const BinaryExpr& binary, Scope scope);
  std::unique_ptr<Node> MakeCall(const CallExpr& call, Scope scope);
  Selection& Select(const Selector& selector);
  Windows& WindowsOf(const RangeSelector& range);

  LabelPool& pool_;
  const Geofences& geofences_;
  // By their normal form, nodes with their scope.
  std::unordered_map<std::string, std::unique_ptr<Selection>> selections_;
  std::unordered_map<std::string, std::unique_ptr<Windows>> windows_;
  std::unordered_map<std::string, std::unique_ptr<Node>> nodes_;
  std::vector<Stateful> stateful_;
  // Once sealed.
  std::vector<std::unique_ptr<Selection>> all_selections_;
  std::vector<std::unique_ptr<Windows>> all_windows_;
  std::vector<std::unique_ptr<Node>> all_nodes_;
};

/// How far back from an instant `expr` looks.
Duration ReachOf(const Expr& expr, Duration lookback);

/// True when the result of `expr` can change from instant to instant although no sample comes or
/// leaves.
bool Moves(const Expr& expr);

}  // namespace fleet_edge::rules
