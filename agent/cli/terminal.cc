#include "agent/cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace fleet_edge::agent {

bool WantsColor(int fd) {
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(fd) == 1 && (no_color == nullptr || *no_color == '\0');
}

}  // namespace fleet_edge::agent
