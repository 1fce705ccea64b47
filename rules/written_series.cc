#include "rules/written_series.h"

#include <set>
#include <utility>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "rules/rule_context.h"

namespace fleet_edge::rules {

bool WrittenSeries::Write(RuleContext& context, const std::vector<Reading>& readings) {
  bool wanted = false;
  std::set<const Series*> now;
  for (const Reading& reading : readings) {
    now.insert(reading.series);
    wanted |= context.store.Record(*reading.series, {reading.time, reading.value});
  }
  for (const Series* const series : last_) {
    if (now.contains(series)) continue;
    wanted |= context.store.MarkStale(*series, context.evaluation.at);
  }
  last_ = std::move(now);
  return wanted;
}

}  // namespace fleet_edge::rules
