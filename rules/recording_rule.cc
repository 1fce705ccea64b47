#include "rules/recording_rule.h"

#include <set>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/label_pool.h"
#include "rules/rule_context.h"

namespace fleet_edge::rules {

RuleOutcome RecordingRule::Evaluate(RuleContext& context) {
  const UtcTime at = context.evaluation.at;
  std::vector<Reading> readings;
  std::set<const Series*> now;
  for (const Element& element : node_.Evaluate(context.evaluation)) {
    const Series* const series = SeriesOf(context, element.labels->nameless);
    if (series == nullptr) {
      ++context.counts.series_over_limit;
      continue;
    }
    if (!now.insert(series).second) {
      context.evaluation.Fail("two elements are the same series once the rule's labels are set");
    }
    readings.push_back({series, at, element.value, Quality::kGood});
  }
  if (context.evaluation.failure) return RuleOutcome::kSettled;
  const bool silent = readings.empty() && written_.last().empty();
  const bool wanted = written_.Write(context, readings);
  context.changes.recorded.insert(context.changes.recorded.end(), readings.begin(), readings.end());
  if (wanted) return RuleOutcome::kStored;
  return silent ? RuleOutcome::kSettled : RuleOutcome::kMoving;
}

const Series* RecordingRule::SeriesOf(RuleContext& context, const LabelSet* labels) {
  const auto [entry, is_new] = known_.try_emplace(labels, nullptr);
  if (is_new) {
    Labels own = labels->labels;
    for (const auto& [name, value] : spec_.record_labels) own.Set(name, value);
    entry->second = context.registry.Find(spec_.name, own);
  }
  return entry->second;
}

}  // namespace fleet_edge::rules
