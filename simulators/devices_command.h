#pragma once

#include <CLI/CLI.hpp>

#include "simulators/interfaces/devices_run.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {

/// `fleet-sim devices`: its arguments, read into `options`.
CLI::App& AddDevicesCommand(CLI::App& app, DevicesRun::Options& options);

/// Its exit code. Throws std::runtime_error.
int RunDevices(const DevicesRun::Options& options, StopSignal& stop);

}  // namespace fleet_edge::simulators
