#pragma once

#include <CLI/CLI.hpp>

#include "simulators/stop_signal.h"
#include "simulators/verification.h"

namespace fleet_edge::simulators {

struct VerifyOptions {
  VerificationOptions verification;
  bool json = false;
};

/// `fleet-sim verify`: its arguments, read into `options`.
CLI::App& AddVerifyCommand(CLI::App& app, VerifyOptions& options);

/// Its exit code: 0 only if the hub holds what the ledger says. Throws std::runtime_error.
int Verify(const VerifyOptions& options, StopSignal& stop);

}  // namespace fleet_edge::simulators
