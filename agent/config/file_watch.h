#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fleet_edge::agent {

/// Tells when files have been written, added or removed.
///
/// It looks at names and times of files instead of being told by the kernel: the same on every file
/// system, and whatever way an editor or an update puts a file in its place. One thread.
class FileWatch {
 public:
  /// `patterns` as for ReadRuleFiles(); beside rule files, geofences are looked at.
  explicit FileWatch(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

  /// To be asked every second or so. True once for each change, when the files look as they did at
  /// the last look: an update has come to its end. True for what is there at first, too.
  bool Changed();

  /// What is there now is known: the caller reads it.
  void Skip();

 private:
  struct Stamp {
    std::string path;
    struct stat info;

    bool operator==(const Stamp& other) const;
  };

  std::vector<Stamp> Look() const;

  const std::vector<std::string> patterns_;
  std::optional<std::vector<Stamp>> last_;   // nothing before the first look
  std::optional<std::vector<Stamp>> known_;  // what Changed() told of
};

}  // namespace fleet_edge::agent
