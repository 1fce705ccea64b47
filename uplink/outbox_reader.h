#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/directory_lock.h"
#include "uplink/row_reader.h"
#include "uplink/row_source.h"
#include "uplink/sqlite.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// Reads what a stopped agent's outbox holds, and changes nothing of it.
///
/// Holds the directory while it lives: no agent starts on it. One thread.
class OutboxReader final : public RowSource {
 public:
  /// Errors: kFatal (no outbox there, an agent holds it, its schema is newer, no right to read),
  /// kCorrupt (nothing in it can be read). The message says which and what to do.
  static Result<std::unique_ptr<OutboxReader>> Open(const std::string& directory);

  /// All lanes in the order of ids. Never an error.
  Result<bool> Next(Store::Row& row) override { return rows_.Next(row); }

  std::uint64_t holes() const override { return rows_.holes(); }

  /// What the outbox's own books say; nothing when they can't be read.
  std::optional<Totals> books();

  /// Records that were dropped, by `lane.reason`, over all starts.
  std::map<std::string, std::uint64_t> dropped();

  /// When the oldest batch was sealed.
  std::optional<UtcTime> oldest();

  /// Takes the database and its journal.
  Bytes size() const;

 private:
  OutboxReader(DirectoryLock lock, SqliteDatabase database, RowReader rows);

  DirectoryLock lock_;
  SqliteDatabase database_;
  RowReader rows_;
};

}  // namespace fleet_edge::uplink
