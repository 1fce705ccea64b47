#pragma once

#include <unordered_map>

#include "core/series.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/rule_context.h"
#include "rules/rule_file.h"
#include "rules/written_series.h"

namespace fleet_edge::rules {

/// Makes a series of what an expression yields. A series that it no longer yields has ended: it is
/// marked stale.
///
/// Owned by the engine's program, on its thread; `spec` and `node` outlive it.
class RecordingRule {
 public:
  RecordingRule(const RuleSpec& spec, Node& node) : spec_(spec), node_(node) {}

  /// Appends the samples of the instant to the changes and puts them into the store. Sets the
  /// evaluation's failure and records nothing when two elements would be the same series. A series
  /// that the registry has no room for is counted.
  RuleOutcome Evaluate(RuleContext& context);

  WrittenSeries& written() { return written_; }
  const WrittenSeries& written() const { return written_; }

 private:
  const Series* SeriesOf(RuleContext& context, const LabelSet* labels);

  const RuleSpec& spec_;
  Node& node_;
  std::unordered_map<const LabelSet*, const Series*> known_;
  WrittenSeries written_;
};

}  // namespace fleet_edge::rules
