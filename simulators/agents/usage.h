#pragma once

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agents {

/// What this process has taken so far, by getrusage(2). A value.
struct Usage {
  Duration cpu;  ///< of all threads
  Bytes memory;  ///< resident, at most
};

Usage UsageNow();

}  // namespace fleet_edge::agents
