#include "agent/rule_delivery/staged_bundle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "agent/config/rule_files.h"
#include "core/file_descriptor.h"
#include "core/result.h"

namespace fleet_edge::agent {
namespace {

Error CannotWrite(const std::string& path) {
  return {Error::Code::kRetry, path + " can't be written: " + std::strerror(errno)};
}

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

}  // namespace

StagedBundle::StagedBundle(std::string path, std::string staged)
    : path_(std::move(path)), staged_(std::move(staged)) {}

StagedBundle::StagedBundle(StagedBundle&& other) noexcept
    : path_(std::move(other.path_)), staged_(std::exchange(other.staged_, {})) {}

StagedBundle& StagedBundle::operator=(StagedBundle&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(staged_, other.staged_);
  return *this;
}

StagedBundle::~StagedBundle() {
  if (!staged_.empty()) unlink(staged_.c_str());
}

Result<StagedBundle> StagedBundle::Write(const std::string& path, std::string_view text) {
  constexpr mode_t kMode = 0640;
  std::string name = path + ".new.XXXXXX";
  // NOLINTNEXTLINE(misc-include-cleaner): of stdlib.h
  const FileDescriptor file(mkostemp(name.data(), O_CLOEXEC));
  if (!file) return CannotWrite(path);
  StagedBundle staged(path, std::move(name));
  if (fchmod(file.get(), kMode) != 0 || !WriteAll(file.get(), text)) return CannotWrite(path);
  return staged;
}

Result<void> StagedBundle::Keep() {
  if (std::rename(staged_.c_str(), path_.c_str()) != 0) return CannotWrite(path_);
  staged_.clear();
  return {};
}

void StagedBundle::RemoveLeftovers(const std::string& path) {
  for (const std::string& left : ExpandGlob(path + ".new.??????")) unlink(left.c_str());
}

}  // namespace fleet_edge::agent
