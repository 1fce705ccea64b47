#include "agent/config/file_watch.h"

#include <sys/stat.h>

#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"

namespace fleet_edge::agent {
namespace {

bool IsSame(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

bool FileWatch::Stamp::operator==(const Stamp& other) const {
  return path == other.path && info.st_dev == other.info.st_dev &&
         info.st_ino == other.info.st_ino && info.st_size == other.info.st_size &&
         IsSame(info.st_mtim, other.info.st_mtim) && IsSame(info.st_ctim, other.info.st_ctim);
}

std::vector<FileWatch::Stamp> FileWatch::Look() const {
  std::vector<Stamp> stamps;
  for (std::string& path : FindRuleFiles(patterns_)) {
    Stamp stamp{.path = std::move(path), .info = {}};
    // One that is gone by now is as one that was never there: the next look sees it so.
    if (stat(stamp.path.c_str(), &stamp.info) == 0) stamps.push_back(std::move(stamp));
  }
  return stamps;
}

bool FileWatch::Changed() {
  std::vector<Stamp> now = Look();
  const bool settled = last_ == now;
  last_ = std::move(now);
  if (!settled || known_ == last_) return false;
  known_ = last_;
  return true;
}

void FileWatch::Skip() {
  last_ = Look();
  known_ = last_;
}

}  // namespace fleet_edge::agent
