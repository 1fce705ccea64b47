#include "simulators/ledger_file.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "simulators/ledger.h"
#include "simulators/ledger_line.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{64} << 10;
constexpr std::size_t kReadBytes = std::size_t{256} << 10;

std::runtime_error Failure(const std::string& path, const std::string& what) {
  return std::runtime_error(path + ": the ledger " + what + ": " + std::strerror(errno));
}

}  // namespace

LedgerWriter::LedgerWriter(const std::string& path, Mode mode) : path_(path) {
  const int kind = mode == Mode::kNew ? O_CREAT | O_TRUNC : 0;
  file_ = open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | kind, 0644);
  if (file_ < 0) throw Failure(path, "can't be opened");
}

LedgerWriter::~LedgerWriter() { close(file_); }

void LedgerWriter::Append(const LedgerEntry& entry) {
  buffer_ += ToLine(entry);
  buffer_ += '\n';
  if (buffer_.size() >= kWriteBytes) Flush();
}

void LedgerWriter::Flush() {
  if (buffer_.empty()) return;
  const ssize_t written = write(file_, buffer_.data(), buffer_.size());
  if (written != static_cast<ssize_t>(buffer_.size())) throw Failure(path_, "can't be written");
  buffer_.clear();
}

LedgerReader::~LedgerReader() {
  if (file_ >= 0) close(file_);
}

bool LedgerReader::ReadMore() {
  if (file_ < 0) file_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) return false;
  buffer_.erase(0, std::exchange(place_, 0));
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kReadBytes);
  const ssize_t got = read(file_, buffer_.data() + kept, kReadBytes);
  buffer_.resize(kept + static_cast<std::size_t>(got > 0 ? got : 0));
  return got > 0;
}

Result<std::optional<LedgerEntry>> LedgerReader::Next() {
  std::size_t end = buffer_.find('\n', place_);
  while (end == std::string::npos) {
    if (!ReadMore()) return std::optional<LedgerEntry>();
    end = buffer_.find('\n', place_);
  }
  const std::string_view line = std::string_view(buffer_).substr(place_, end - place_);
  place_ = end + 1;
  Result<LedgerEntry> entry = parser_.Parse(line);
  if (!entry) return Error{entry.error().code, path_ + ": " + entry.error().message};
  return std::optional<LedgerEntry>(std::move(entry).value());
}

}  // namespace fleet_edge::simulators
