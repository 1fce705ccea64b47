#include <cstdio>

#include "agent/cli/commands.h"
#include "agent/config/reference.h"

namespace fleet_edge::agent {

int Reference() {
  std::fputs(ConfigurationReference().c_str(), stdout);
  return kExitOk;
}

}  // namespace fleet_edge::agent
