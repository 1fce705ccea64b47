#include "uplink/directory_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "core/result.h"

namespace fleet_edge::uplink {
namespace {

std::string ReadPid(int file) {
  std::array<char, 16> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::Take(const std::string& directory) {
  const std::string path = directory + "/outbox.lock";
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  // A disk that went read-only still takes locks; it names the pid of an earlier holder.
  if (file < 0 && errno == EROFS) {
    file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
      return Error{Error::Code::kFatal, path + ": can't be made: " + std::strerror(EROFS) +
                                            ". Mount its disk writable, or set outbox.directory"};
    }
  }
  if (file < 0) {
    return Error{Error::Code::kFatal,
                 path + ": can't be opened: " + std::strerror(errno) +
                     ". Give the agent's user the right to write there, or set "
                     "outbox.directory"};
  }
  DirectoryLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Error{Error::Code::kFatal,
                 directory + ": another fleet-edge holds this outbox, pid " + ReadPid(file) +
                     ". Stop it, or give this one an outbox.directory of its own"};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // The lock holds without the pid: it is there for people.
  if (::ftruncate(file, 0) == 0 && ::pwrite(file, pid.data(), pid.size(), 0) < 0) return lock;
  return lock;
}

std::optional<std::string> DirectoryLock::HolderOf(const std::string& directory) {
  const DirectoryLock look(::open((directory + "/outbox.lock").c_str(), O_RDONLY | O_CLOEXEC));
  // Shared, and for this moment: two who look don't take each other for an agent.
  if (look.file_ < 0 || ::flock(look.file_, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
    return std::nullopt;
  }
  return ReadPid(look.file_);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace fleet_edge::uplink
