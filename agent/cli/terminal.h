#pragma once

namespace fleet_edge::agent {

/// Whether what is written to the open file `fd` is to be in colour: it is a terminal, and NO_COLOR
/// (no-color.org) is not in the environment, or is empty.
bool WantsColor(int fd);

}  // namespace fleet_edge::agent
