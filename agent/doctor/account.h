#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// A user of this machine and the groups that it is in. A value.
struct Account {
  std::string name{};
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups{};
};

/// Nothing when there is no such user.
std::optional<Account> FindAccount(const std::string& name);

/// Who runs this process, by its real user.
Account OwnAccount();

/// Whom the service runs as, and what can be said of that from here.
struct Accounts {
  Account own{};
  std::optional<Account> service{};  ///< nothing: there is no such user
  std::string service_name{};
  /// Whose rights are looked at: the service's where we may be it, else our own.
  const Account& judged() const { return service && own.uid == 0 ? *service : own; }
};

Accounts FindAccounts(const std::string& service_name);

/// What follows from who is there.
Finding JudgeAccounts(const Accounts& accounts);

/// 0 when `account` may do `mode` (of access(2)) at `path`, else its errno. Asked in a child
/// process that becomes the account, so that ACLs and read-only mounts count as they do for it.
/// Precondition: we are root, or `account` is our own.
int AccessAs(const Account& account, const std::string& path, int mode);

/// The mend of a file that `account` can't read: rights to it, or to the first folder above it that
/// the account may not enter. Precondition: as of AccessAs().
std::string LetRead(const Account& account, const std::string& file);

/// `group dialout`, by the file's own group; empty when there is no such path.
std::string GroupOf(const std::string& path);

}  // namespace fleet_edge::agent::doctor
