#pragma once

#include <CLI/CLI.hpp>

#include "simulators/fleet_run.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {

/// `fleet-sim run`: its arguments, read into `options`.
CLI::App& AddRunCommand(CLI::App& app, FleetRun::Options& options);

/// Its exit code. Throws std::runtime_error.
int Run(const FleetRun::Options& options, StopSignal& stop);

}  // namespace fleet_edge::simulators
