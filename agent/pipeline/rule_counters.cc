#include "agent/pipeline/rule_counters.h"

#include "core/counters.h"
#include "rules/engine.h"

namespace fleet_edge::agent {

RuleCounters::RuleCounters(Counters& counters)
    : samples_dropped_(counters.Get("fleet_edge_rules_samples_dropped_total")),
      alerts_over_limit_(counters.Get("fleet_edge_rules_alerts_over_limit_total")),
      series_over_limit_(counters.Get("fleet_edge_rules_series_over_limit_total")),
      instants_skipped_(counters.Get("fleet_edge_rules_instants_skipped_total")),
      evaluations_failed_(counters.Get("fleet_edge_rules_evaluations_failed_total")) {}

void RuleCounters::Publish(const rules::Engine::Counts& now) {
  samples_dropped_.Add(now.samples_dropped - before_.samples_dropped);
  alerts_over_limit_.Add(now.alerts_over_limit - before_.alerts_over_limit);
  series_over_limit_.Add(now.series_over_limit - before_.series_over_limit);
  instants_skipped_.Add(now.instants_skipped - before_.instants_skipped);
  evaluations_failed_.Add(now.evaluations_failed - before_.evaluations_failed);
  before_ = now;
}

}  // namespace fleet_edge::agent
