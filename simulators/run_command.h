#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "simulators/fleet_run.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {

struct RunOptions {
  FleetRun::Options run;
  std::string scenario;  ///< a file; empty: none
};

/// `fleet-sim run`: its arguments, read into `options`.
CLI::App& AddRunCommand(CLI::App& app, RunOptions& options);

/// Its exit code. Throws std::runtime_error.
int Run(const RunOptions& options, StopSignal& stop);

}  // namespace fleet_edge::simulators
