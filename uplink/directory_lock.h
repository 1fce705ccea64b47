#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace fleet_edge::uplink {

/// Holds a directory for this process alone, by flock() on `<directory>/outbox.lock`, which names
/// the holder's pid. The kernel lets go when the process ends, however it ends.
class DirectoryLock {
 public:
  /// Errors: kFatal, with the path and the other process's pid when there is one.
  static Result<DirectoryLock> Take(const std::string& directory);

  /// The pid of the process that holds it, `unknown` where it has none written; nothing when nobody
  /// does, as far as can be seen. Makes no file.
  static std::optional<std::string> HolderOf(const std::string& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}

  int file_;
};

}  // namespace fleet_edge::uplink
