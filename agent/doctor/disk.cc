#include "agent/doctor/disk.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "agent/doctor/finding.h"
#include "agent/text/wording.h"
#include "core/bytes.h"
#include "core/file_descriptor.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kSyncs = 5;
// An SD card takes 10 to 60 ms (docs/benchmarks.md); beyond this the uplink's thread is late.
constexpr Duration kSlow = std::chrono::milliseconds{250};

/// In tenths: `1.4 GiB`.
std::string Milliseconds(Duration duration) {
  return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(duration).count()) + " ms";
}

/// A file in `directory` that has no name, or loses it at once where the file system can't do that.
FileDescriptor OpenNameless(const std::string& directory) {
  FileDescriptor file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
  std::string name = directory + "/.fleet-edge-doctor-XXXXXX";
  // NOLINTNEXTLINE(misc-include-cleaner): of stdlib.h
  file = FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file) ::unlink(name.c_str());
  return file;
}

/// Fills in error and failed, or sync.
void Write(DiskFacts& facts) {
  const auto fail = [&](const char* what) {
    facts.error = errno;
    facts.failed = what;
  };
  const FileDescriptor file = OpenNameless(facts.directory);
  if (!file) return fail("making a file");
  std::array<char, kPage> page{};
  std::array<Duration, kSyncs> took{};
  for (Duration& one : took) {
    const auto begin = std::chrono::steady_clock::now();
    const ssize_t size = ::write(file.get(), page.data(), page.size());
    if (size >= 0 && size < static_cast<ssize_t>(page.size())) errno = ENOSPC;
    if (size != static_cast<ssize_t>(page.size())) return fail("writing");
    if (::fdatasync(file.get()) != 0) return fail("syncing");
    one = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin);
  }
  std::ranges::sort(took);
  facts.sync = took.at(kSyncs / 2);
}

Finding Failing(const DiskFacts& facts) {
  Finding finding{.check = "disk",
                  .subject = facts.directory,
                  .verdict = Verdict::kError,
                  .id = "disk_failing",
                  .what = facts.failed + " fails: " + std::strerror(facts.error),
                  .mend = "Look into `dmesg` for what the kernel says of the disk, and replace it"};
  if (facts.error == EROFS || facts.read_only) {
    finding.what = "the disk is mounted read-only";
    finding.mend =
        "`mount -o remount,rw` it; if the kernel made it so (`dmesg`), check the file system or "
        "replace the card";
  } else if (facts.is_file) {
    finding.id = "config_wrong";
    finding.what = "it is a file, and the outbox wants a directory";
    finding.mend = "Move it away, or set outbox.directory to another place";
  } else if (facts.error == ENOSPC && facts.no_names) {
    finding.what =
        "the disk has no inode left for another file, though " + Wording(facts.free) + " are free";
    finding.mend =
        "Remove files that nobody needs; `du --inodes -x / | sort -n | tail` tells where there are "
        "many";
    // NOLINTNEXTLINE(misc-include-cleaner): errno.h has it from the kernel's own
  } else if (facts.error == ENOSPC || facts.error == EDQUOT) {
    finding.what = "the disk is full: " + facts.failed + " fails, " + Wording(facts.free) + " free";
    finding.mend = "Make room: `du -xh / | sort -h | tail` tells what is large";
  } else if (facts.error == EACCES || facts.error == EPERM) {
    finding.id = "not_permitted";
    finding.mend = "`chown` it to the service's user, or run with sudo";
  } else if (facts.error == ENOENT) {
    finding.what = "it is not there, and neither is a directory above it";
    finding.mend = "Make it, or set outbox.directory";
  }
  return finding;
}

}  // namespace

DiskFacts ProbeDisk(const std::string& directory) {
  DiskFacts facts{.directory = directory};
  std::error_code ignored;
  fs::path there = fs::absolute(directory, ignored).lexically_normal();
  while (!fs::exists(there, ignored) && there.has_relative_path()) there = there.parent_path();
  facts.directory = there.string();
  struct statvfs space{};
  struct statfs kind{};
  if (::statvfs(there.c_str(), &space) != 0 || ::statfs(there.c_str(), &kind) != 0) {
    facts.error = errno;
    facts.failed = "looking";
    return facts;
  }
  facts.read_only = (space.f_flag & ST_RDONLY) != 0;
  // Signed, and of 32 bits on some architectures.
  const auto type = static_cast<std::uint32_t>(kind.f_type);
  facts.in_memory = type == TMPFS_MAGIC || type == RAMFS_MAGIC;
  facts.no_names = space.f_files > 0 && space.f_ffree == 0;
  facts.is_file = !fs::is_directory(there, ignored);
  facts.free = {static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize};
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    if (entry.is_regular_file(ignored)) facts.used += {entry.file_size(ignored)};
  }
  Write(facts);
  return facts;
}

std::vector<Finding> JudgeDisk(const DiskFacts& facts, Bytes quota, Duration durable_within) {
  if (facts.error != 0) return {Failing(facts)};
  const std::string& place = facts.directory;
  std::vector<Finding> findings;
  const std::uint64_t rest = quota.count - std::min(quota.count, facts.used.count);
  if (facts.free.count < rest) {
    findings.push_back({.check = "disk",
                        .subject = place,
                        .verdict = Verdict::kWarning,
                        .id = "disk_low",
                        .what = Wording(facts.free) + " free, the outbox may grow by " +
                                Wording(Bytes{rest}) + " to its quota of " + Wording(quota),
                        .mend = "Make room, or lower outbox.quota to what a long outage may take"});
  }
  if (facts.sync > std::min(kSlow, durable_within / 4)) {
    findings.push_back({.check = "disk",
                        .subject = place,
                        .verdict = Verdict::kWarning,
                        .id = "disk_slow",
                        .what = "keeping 4 KiB takes " + Milliseconds(facts.sync),
                        .mend = "A worn card gets slow: replace it; or raise outbox.durable_within "
                                "and write less often"});
  }
  if (facts.in_memory) {
    findings.push_back({.check = "disk",
                        .subject = place,
                        .verdict = Verdict::kWarning,
                        .id = "disk_volatile",
                        .what = "it is in memory (tmpfs): what waits there is gone with the power",
                        .mend = "Set outbox.directory to a disk, such as /var/lib/fleet-edge"});
  }
  if (findings.empty()) {
    findings.push_back(Well("disk", place,
                            Wording(facts.free) + " free, the quota is " + Wording(quota) +
                                "; keeping 4 KiB takes " + Milliseconds(facts.sync)));
  }
  return findings;
}

}  // namespace fleet_edge::agent::doctor
