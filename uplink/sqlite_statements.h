#pragma once

#include <memory>

#include "core/result.h"
#include "uplink/sqlite.h"

namespace fleet_edge::uplink {

/// The statements that SqliteStore runs again and again, prepared once. Lives no longer than its
/// database.
struct SqliteStatements {
  SqliteStatement begin;
  SqliteStatement commit;
  SqliteStatement rollback;
  SqliteStatement insert;
  SqliteStatement erase;
  SqliteStatement set_meta;
  SqliteStatement add_counter;
  SqliteStatement get_meta;
  SqliteStatement load_urgent;
  SqliteStatement load_telemetry;
  SqliteStatement page_count;
  SqliteStatement free_pages;

  /// Errors: as of SqliteDatabase::Prepare().
  static Result<std::unique_ptr<SqliteStatements>> Prepare(SqliteDatabase& database);
};

}  // namespace fleet_edge::uplink
