#pragma once

#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/doctor/account.h"
#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// A file that the configuration names, and who has to be kept from it. A value.
struct NamedFile {
  std::string path;
  std::string key;      ///< of the configuration that names it
  bool secret = false;  ///< a password or a private key
};

/// All files that are read at the start: credentials of the hub, of brokers and of the display.
std::vector<NamedFile> FilesOf(const Config& config);

/// What `account` may do with a file. A value.
struct FileFacts {
  NamedFile file;
  std::string account{};
  std::string group{};     ///< the file's
  int access = 0;          ///< errno
  std::string let_read{};  ///< how to let the account read it; empty when it may
  bool is_public = false;  ///< everyone on this machine may read it
};

FileFacts ProbeFile(const NamedFile& file, const Account& account);
Finding JudgeFile(const FileFacts& facts);

/// Whether the account may write the outbox's directory, or make it.
Finding ExamineOutboxRights(const std::string& directory, const Account& account);

}  // namespace fleet_edge::agent::doctor
