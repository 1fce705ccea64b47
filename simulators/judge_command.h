#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fleet_edge::simulators {

struct JudgeOptions {
  std::string scenario;
  std::string alerts;   ///< a file; `-` is stdin
  std::string vehicle;  ///< empty: the only one
};

/// `fleet-sim judge`: its arguments, read into `options`.
CLI::App& AddJudgeCommand(CLI::App& app, JudgeOptions& options);

/// Its exit code: 0 only if the alerts are those that the scenario expects. Throws
/// std::runtime_error.
int Judge(const JudgeOptions& options);

}  // namespace fleet_edge::simulators
