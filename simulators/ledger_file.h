#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"
#include "simulators/ledger.h"
#include "simulators/ledger_line.h"

namespace fleet_edge::simulators {

/// Appends entries to a ledger. Whole lines go out in one write to a file opened for appending, so
/// that a run and the notes of its harness can share it. One thread.
class LedgerWriter {
 public:
  enum class Mode { kNew, kAppend };

  /// kNew replaces a file that is there, kAppend needs one.
  /// Throws std::runtime_error when it can't be opened.
  LedgerWriter(const std::string& path, Mode mode);
  ~LedgerWriter();
  LedgerWriter(const LedgerWriter&) = delete;
  LedgerWriter& operator=(const LedgerWriter&) = delete;

  /// Written by the next Flush(), or when 64 KiB have gathered. Throws std::runtime_error when the
  /// file can't be written: a ledger with holes proves nothing.
  void Append(const LedgerEntry& entry);
  void Flush();

 private:
  std::string path_;
  int file_;
  std::string buffer_;
};

/// Reads a ledger while it is being written. One thread.
class LedgerReader {
 public:
  /// The file need not be there yet.
  explicit LedgerReader(std::string path) : path_(std::move(path)) {}
  ~LedgerReader();
  LedgerReader(const LedgerReader&) = delete;
  LedgerReader& operator=(const LedgerReader&) = delete;

  /// The next entry; nothing when there is none for now.
  /// Errors: kCorrupt, a line is no entry. The caller gives up.
  Result<std::optional<LedgerEntry>> Next();

 private:
  bool ReadMore();

  std::string path_;
  int file_ = -1;
  std::string buffer_;
  std::size_t place_ = 0;  // in buffer_, of the next line
  LedgerParser parser_;
};

}  // namespace fleet_edge::simulators
