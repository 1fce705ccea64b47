#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {

/// What there is to know of the outbox's disk. A value.
struct DiskFacts {
  std::string directory{};  ///< the outbox's, or the nearest above it that is there
  int error = 0;            ///< errno of looking, or of writing and syncing; 0: all worked
  std::string failed{};     ///< what `error` came of: `write`; empty without one
  bool read_only = false;
  bool is_file = false;    ///< no directory is at the path, but something else
  bool no_names = false;   ///< the file system has no inode left
  bool in_memory = false;  ///< tmpfs, ramfs, or an overlay that may be one
  Bytes free{};            ///< for one who isn't root
  Bytes used{};            ///< by the outbox, now
  Duration sync{};         ///< what it took to keep 4 KiB, the median of some
};

/// Writes and syncs some KiB in a file without a name, which goes with its descriptor: nothing is
/// left behind, however this ends.
DiskFacts ProbeDisk(const std::string& directory);

/// What they mean to an outbox with `quota` that commits every `durable_within`.
std::vector<Finding> JudgeDisk(const DiskFacts& facts, Bytes quota, Duration durable_within);

}  // namespace fleet_edge::agent::doctor
