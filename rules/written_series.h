#pragma once

#include <set>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "rules/rule_context.h"

namespace fleet_edge::rules {

/// The series that one rule writes into the store. One that it wrote at its last instant and no
/// longer writes has ended: it is marked stale.
///
/// Owned by its rule, on the engine's thread. The registry keeps the series, so they outlive the
/// program.
class WrittenSeries {
 public:
  /// Writes what the rule yields at the instant, each series once. True when a rule wants any of
  /// it, or of what ended.
  bool Write(RuleContext& context, const std::vector<Reading>& readings);

  /// Of the last instant.
  std::set<const Series*>& last() { return last_; }
  const std::set<const Series*>& last() const { return last_; }

 private:
  std::set<const Series*> last_;
};

}  // namespace fleet_edge::rules
