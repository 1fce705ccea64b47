#pragma once

#include <functional>
#include <stop_token>

namespace fleet_edge::agent {

/// Calls `attempt` every two seconds until it succeeds: for what may come with a disk or a network
/// that the agent did not wait for. False when the stop comes first. Blocks; any thread.
bool KeepTrying(const std::stop_token& stop, const std::function<bool()>& attempt);

}  // namespace fleet_edge::agent
