#include <cstdio>
#include <exception>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"

int main(int argc, char** argv) {
  try {
    return fleet_edge::agent::RunCommandLine(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fleet-edge: %s\n", error.what());
    return fleet_edge::agent::kExitFailure;
  }
}
