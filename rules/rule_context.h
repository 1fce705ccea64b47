#pragma once

#include "core/labels.h"
#include "core/series.h"
#include "rules/engine.h"
#include "rules/evaluation.h"
#include "rules/external.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {

/// What a rule works on at one instant. Lent by the engine for one call.
struct RuleContext {
  Evaluation& evaluation;
  SeriesStore& store;
  SeriesRegistry& registry;
  const External& external;
  Engine::Counts& counts;
  Changes& changes;
};

/// What a rule says after an instant.
enum class RuleOutcome {
  kSettled,  ///< without new samples it would say the same at every later instant
  kMoving,   ///< timers run, or something was recorded
  kStored,   ///< it recorded samples that rules want: results of the epoch no longer hold
};

}  // namespace fleet_edge::rules
