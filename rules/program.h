#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/group.h"
#include "rules/label_pool.h"
#include "rules/plan.h"
#include "rules/rule_file.h"
#include "rules/saved_alerts.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// All that one set of rule files comes to: groups, the operations they share, their label sets.
/// Replaced as a whole by a reload.
///
/// Owned by the engine, on its thread.
class Program {
 public:
  explicit Program(std::vector<GroupSpec> specs);

  /// Groups of the same name go on where those of `before` stand.
  void TakeOver(Program& before);

  /// Has `store` serve this program.
  void Wire(SeriesStore& store);

  /// The states of all alerts that are not inactive or still cool down.
  std::vector<SavedAlert> Save() const;

  /// Takes over those whose rule is still there.
  void Restore(const std::vector<SavedAlert>& alerts);

  std::vector<std::unique_ptr<Group>>& groups() { return groups_; }
  const std::vector<std::unique_ptr<Group>>& groups() const { return groups_; }
  LabelPool& pool() { return pool_; }

 private:
  LabelPool pool_;
  Plan plan_{pool_};
  std::vector<std::unique_ptr<Group>> groups_;
};

}  // namespace fleet_edge::rules
