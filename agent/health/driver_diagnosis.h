#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "core/counters.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// By driver's name: how long it may be silent; 0: for ever.
using SilenceLimits = std::map<std::string, Duration>;

/// Adds what is wrong with the drivers to `found`. `grown`: what counters grew by since the look
/// before. `limits` has those drivers that the configuration names; the others have their kind's.
///
/// A driver that listens to the vehicle itself (CAN, OBD, GNSS) falls silent when the vehicle
/// sleeps. Its silence counts while a reading of the last minute shows that the vehicle is awake:
/// ignition, engine speed or speed; what it was silent for before counts no more. Without such a
/// reading a day of it is worth knowing, no more. A device that was never there is no sleep.
/// `awake_since`: when such readings began, as of the look before; it is kept up to date.
void FindDriverProblems(const AgentView& view, const std::vector<Counters::Sample>& grown,
                        const SilenceLimits& limits, std::optional<BootTime>& awake_since,
                        std::vector<Problem>& found);

}  // namespace fleet_edge::agent
