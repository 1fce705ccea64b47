#pragma once

#include <string>
#include <vector>

#include "agent/config/file_watch.h"

namespace fleet_edge::agent {

/// Tells whether the configuration on disk is still the one that runs: it is read at the start
/// alone, and who edits it and forgets the restart, or makes a mistake, learns it months later.
///
/// Owned by App, used on the main thread.
class ConfigWatch {
 public:
  struct State {
    bool differs = false;   ///< from what runs
    std::string mistake{};  ///< the first one in it: the next start will fail; empty: none
  };

  /// `files` in the order of their reading, the configuration first, `hash` the SHA-256 of their
  /// texts together, as they run.
  ConfigWatch(const std::vector<std::string>& files, std::string hash);

  /// To be asked every second or so. Reads the files when they have changed and settled.
  const State& Look();

 private:
  const std::string path_;
  const std::string hash_;
  FileWatch files_;
  State state_;
};

}  // namespace fleet_edge::agent
