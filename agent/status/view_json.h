#pragma once

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/pipeline/board.h"
#include "agent/text/json.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

/// What the agent tells of itself, as one JSON object: the same in the status file, in
/// `fleet-edge status --json` and on the status page. docs/status.md has its keys. Values of series
/// are left out: there may be hundreds, and SeriesJson() is for who wants them.
JsonObject ViewJson(const AgentView& view);

/// One series' last value, without its history. `shown` is of `view`.
JsonObject SeriesJson(const Board::Shown& shown, const AgentView& view);

JsonObject AlertJson(const rules::AlertEvent& alert);

JsonObject ProblemJson(const Problem& problem);

}  // namespace fleet_edge::agent
