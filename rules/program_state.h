#pragma once

#include <vector>

#include "core/labels.h"
#include "core/series.h"
#include "rules/alert_event.h"
#include "rules/external.h"
#include "rules/program.h"
#include "rules/saved_state.h"

namespace fleet_edge::rules {

/// Adds to `state` where the groups stand, the alerts that are not inactive or still cool down, and
/// what rules wrote and remember.
void SaveProgram(const Program& program, const External& external, SavedState& state);

/// Takes over what belongs to rules that are still there with the same text; groups stand where
/// they stood. Returns the ends of active alerts whose rule is gone; their `at` is the caller's to
/// set.
std::vector<AlertEvent> RestoreProgram(Program& program, const SavedState& state,
                                       const External& external, SeriesRegistry& registry);

}  // namespace fleet_edge::rules
