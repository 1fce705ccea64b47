#pragma once

#include <cstdint>

#include "core/counters.h"
#include "rules/engine.h"

namespace fleet_edge::agent {

/// Carries what an engine counts over to the agent's counters.
///
/// Used on the pipeline's thread only. Borrows `counters`, which outlive it.
class RuleCounters {
 public:
  explicit RuleCounters(Counters& counters);

  /// Adds what has grown since the last call.
  void Publish(const rules::Engine::Counts& now);

  /// The engine is a new one, whose counts begin at 0.
  void StartAnew() { before_ = {}; }

 private:
  Counter& samples_dropped_;
  Counter& alerts_over_limit_;
  Counter& series_over_limit_;
  Counter& instants_skipped_;
  Counter& evaluations_failed_;
  rules::Engine::Counts before_;
};

}  // namespace fleet_edge::agent
