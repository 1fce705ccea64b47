#pragma once

#include <optional>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// What this process takes of the machine, by /proc. A value.
struct ProcessStats {
  Duration cpu{0};  ///< user and system
  Bytes resident{};
  Bytes virtual_size{};
  double threads = 0;
  double open_files = 0;
  double max_files = 0;

  /// Nothing where /proc isn't there.
  static std::optional<ProcessStats> Read();
};

}  // namespace fleet_edge::agent
