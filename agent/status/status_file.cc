#include "agent/status/status_file.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "core/result.h"

namespace fleet_edge::agent {
namespace {

constexpr mode_t kForAll = 0644;  // the service's umask keeps all else to itself

Error Failure(const std::string& path) {
  return {Error::Code::kRetry, path + ": can't be written: " + std::strerror(errno)};
}

}  // namespace

Result<void> ReplaceFile(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::FILE* const file = std::fopen(fresh.c_str(), "we");
  if (file == nullptr) return Failure(fresh);
  // NOLINTNEXTLINE(misc-include-cleaner): fileno is of stdio.h
  (void)::fchmod(::fileno(file), kForAll);  // a file system without rights has nothing to give
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) return Failure(fresh);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Failure(path);
  return {};
}

}  // namespace fleet_edge::agent
