#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fleet_edge::simulators {

struct NoteOptions {
  std::string ledger;
  std::string kind = "kill";
  std::string at = "now";
  std::string vehicle;
};

/// `fleet-sim note`: its arguments, read into `options`.
CLI::App& AddNoteCommand(CLI::App& app, NoteOptions& options);

/// Its exit code. Throws std::runtime_error.
int Note(const NoteOptions& options);

}  // namespace fleet_edge::simulators
