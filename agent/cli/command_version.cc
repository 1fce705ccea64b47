#include <cstdio>
#include <string>

#include "agent/cli/commands.h"
#include "core/version.h"

namespace fleet_edge::agent {

int Version() {
  std::puts(("fleet-edge " + std::string(kVersion)).c_str());
  return kExitOk;
}

}  // namespace fleet_edge::agent
