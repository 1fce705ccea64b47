#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {

struct RecordOptions {
  std::string scenario;
  std::string out;
  double speed = 0;  ///< times real time; 0: as fast as possible
};

/// `fleet-sim record`: its arguments, read into `options`.
CLI::App& AddRecordCommand(CLI::App& app, RecordOptions& options);

/// Its exit code. Throws std::runtime_error.
int Record(const RecordOptions& options, StopSignal& stop);

}  // namespace fleet_edge::simulators
