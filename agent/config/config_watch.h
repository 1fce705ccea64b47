#pragma once

#include <string>

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

  /// `path` as for LoadConfig(), `hash` the SHA-256 of LoadedConfig::text, as it runs.
  ConfigWatch(std::string path, std::string hash);

  /// To be asked every second or so. Reads the files when they have changed and settled.
  const State& Look();

 private:
  const std::string path_;
  const std::string hash_;
  FileWatch files_;
  State state_;
};

}  // namespace fleet_edge::agent
