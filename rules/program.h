#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/alert_rule.h"
#include "rules/expr.h"
#include "rules/external.h"
#include "rules/function.h"
#include "rules/geofence.h"
#include "rules/group.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/plan.h"
#include "rules/rule_file.h"
#include "rules/saved_state.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// All that one set of rule files comes to: groups, the operations they share, their label sets.
/// Replaced as a whole by a reload.
///
/// Owned by the engine, on its thread.
class Program {
 public:
  /// An expression that is asked for from outside; it reads the store like a group, under an id
  /// behind theirs.
  struct Query {
    GroupId id;
    ValueType type;
    Node* node;
  };

  Program(std::vector<GroupSpec> specs, const std::vector<ExprPtr>& queries, Geofences geofences,
          Duration lookback);

  /// Groups of the same name go on where those of `before` stand; what is left there has no rule
  /// any more.
  void TakeOver(Program& before);

  /// What the groups' nodes remember beyond their windows.
  std::vector<SavedMemory> Remember() const;

  /// Takes up what nodes that are still there remembered, in groups of the same name.
  void Recall(const std::vector<SavedMemory>& memories);

  // As the engine's functions of the same names.
  std::size_t rule_count() const;
  std::vector<std::string> alert_names() const;
  Duration max_lateness() const;
  std::vector<AlertEvent> Firing(const External& external) const;

  /// Calls `visit` with each group and each alert rule in it, in their order.
  template <typename Visit>
  void ForEachAlertRule(const Visit& visit) const {
    for (const auto& group : groups_) {
      for (Group::Rule& rule : group->rules()) {
        if (auto* const alerts = std::get_if<AlertRule>(&rule.rule)) visit(*group, rule, *alerts);
      }
    }
  }

  /// Has `store` serve this program.
  void Wire(SeriesStore& store);

  std::vector<std::unique_ptr<Group>>& groups() { return groups_; }
  const std::vector<std::unique_ptr<Group>>& groups() const { return groups_; }
  std::vector<Query>& queries() { return queries_; }
  LabelPool& pool() { return pool_; }

 private:
  /// What a node is known by across runs and programs.
  std::string KeyOf(const Plan::Stateful& stateful) const;

  LabelPool pool_;
  const Geofences geofences_;
  Plan plan_{pool_, geofences_};
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<Query> queries_;
};

}  // namespace fleet_edge::rules
