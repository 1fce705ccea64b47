#pragma once

namespace fleet_edge::agent {

/// Reads the command line and runs the command it names. Returns the exit code; 2 for a command
/// line that is wrong.
int RunCommandLine(int argc, char** argv);

}  // namespace fleet_edge::agent
