#include <cstdio>

#include "agent/commands.h"
#include "agent/reference.h"

namespace fleet_edge::agent {

int Reference() {
  std::fputs(ConfigurationReference().c_str(), stdout);
  return kExitOk;
}

}  // namespace fleet_edge::agent
