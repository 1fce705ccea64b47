#pragma once

#include <cstdint>

#include "core/result.h"
#include "uplink/sqlite.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// Reads the batches of an outbox's database as they lie in the table, which is the order of their
/// ids, and behind damage goes on at the next id that can be read. Lives no longer than its
/// database.
class RowReader {
 public:
  /// Errors: as of SqliteDatabase; its schema can't be read.
  static Result<RowReader> Open(SqliteDatabase& database);

  /// False at the end of what is readable. A row whose crc is wrong comes as not intact.
  bool Next(Store::Row& row);

  /// Places that could not be read.
  std::uint64_t holes() const { return holes_; }

 private:
  RowReader(SqliteStatement all, SqliteStatement after, SqliteStatement exact);
  bool Take(Store::Row& row, SqliteStatement& from);
  bool FindExact(Store::Row& row);

  SqliteStatement all_;
  SqliteStatement after_;
  SqliteStatement exact_;
  bool sound_ = true;  // all_ goes on
  RowId last_ = 0;
  std::uint64_t holes_ = 0;
};

}  // namespace fleet_edge::uplink
