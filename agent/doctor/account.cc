#include "agent/doctor/account.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {
namespace {

constexpr int kMaxGroups = 256;

Account AccountOf(const passwd& entry) {
  Account account{.name = entry.pw_name, .uid = entry.pw_uid, .gid = entry.pw_gid, .groups = {}};
  int count = kMaxGroups;
  account.groups.resize(kMaxGroups);
  if (::getgrouplist(entry.pw_name, entry.pw_gid, account.groups.data(), &count) < 0) count = 0;
  account.groups.resize(static_cast<std::size_t>(count));
  return account;
}

}  // namespace

// NOLINTBEGIN(concurrency-mt-unsafe): the doctor asks on one thread
std::optional<Account> FindAccount(const std::string& name) {
  const passwd* const entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  return AccountOf(*entry);
}

Account OwnAccount() {
  if (const passwd* const entry = ::getpwuid(::getuid())) return AccountOf(*entry);
  return {.name = std::to_string(::getuid()), .uid = ::getuid(), .gid = ::getgid(), .groups = {}};
}

std::string GroupOf(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  const group* const entry = ::getgrgid(status.st_gid);
  return entry != nullptr ? entry->gr_name : std::to_string(status.st_gid);
}
// NOLINTEND(concurrency-mt-unsafe)

Accounts FindAccounts(const std::string& service_name) {
  return {.own = OwnAccount(), .service = FindAccount(service_name), .service_name = service_name};
}

Finding JudgeAccounts(const Accounts& accounts) {
  const std::string& service = accounts.service_name;
  if (!accounts.service) {
    return {.check = "account",
            .subject = {},
            .verdict = Verdict::kNote,
            .id = "service_user_missing",
            .what = "there is no user " + service +
                    ", whom the service runs as: rights are those of " + accounts.own.name,
            .mend = "Install the package, which makes it, or name another with --user"};
  }
  if (accounts.own.uid == accounts.service->uid) {
    return Well("account", {}, "runs as " + service + ", as the service does");
  }
  if (accounts.own.uid == 0) {
    return Well("account", {}, "runs as root; rights are judged for " + service);
  }
  return {.check = "account",
          .subject = {},
          .verdict = Verdict::kNote,
          .id = {},
          .what = "runs as " + accounts.own.name + ", the service as " + service +
                  ": what is not permitted here may be to it",
          .mend = "Run `sudo fleet-edge doctor …` to judge the service's rights"};
}

int AccessAs(const Account& account, const std::string& path, int mode) {
  if (account.uid == ::getuid()) return ::access(path.c_str(), mode) == 0 ? 0 : errno;
  const pid_t child = ::fork();
  if (child < 0) return errno;
  if (child == 0) {
    if (::setgroups(account.groups.size(), account.groups.data()) != 0 ||
        ::setresgid(account.gid, account.gid, account.gid) != 0 ||
        ::setresuid(account.uid, account.uid, account.uid) != 0) {
      ::_exit(errno);
    }
    ::_exit(::access(path.c_str(), mode) == 0 ? 0 : errno);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  // NOLINTNEXTLINE(misc-include-cleaner): sys/wait.h has them from the C library's own
  return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

std::string LetRead(const Account& account, const std::string& file) {
  const auto let = [&](const std::string& path, const char* mode) {
    return "`chgrp " + account.name + " " + path + " && chmod " + mode + " " + path + "`";
  };
  std::error_code unknown;
  const auto absolute = std::filesystem::absolute(file, unknown).lexically_normal();
  std::filesystem::path folder;
  for (const auto& part : absolute.parent_path()) {
    folder /= part;
    if (AccessAs(account, folder.string(), X_OK) == 0) continue;
    return "Its folder can't be entered: " + let(folder.string(), "g+rx");
  }
  return let(file, "640");
}

}  // namespace fleet_edge::agent::doctor
