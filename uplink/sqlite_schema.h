#pragma once

#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/sqlite.h"

namespace fleet_edge::uplink {

/// Opens or makes an outbox's database: its pragmas are set, its schema is this program's. Errors:
/// kCorrupt (damaged: put it aside), kFatal (its schema is newer than this program, or it can't be
/// made what it must be), kRetry, kFull.
Result<SqliteDatabase> OpenOutboxDatabase(const std::string& path, Bytes quota);

/// Errors: kFatal (its schema is newer than this program), kCorrupt (`meta` says so and the header
/// does not, among others), kRetry.
Result<void> CheckSchemaVersion(SqliteDatabase& database);

/// Makes the batches and `meta` of a damaged schema readable, whatever the damage says of their
/// names and columns, in a transaction that is left open: nobody commits it, the file stays as it
/// is. For a salvage that reads and closes. Errors: as of SqliteDatabase.
Result<void> MendSchema(SqliteDatabase& database);

/// Makes an empty one without journal and quota, whose maker syncs it when it is complete and
/// throws it away when it can't be completed. Errors: kRetry, kFull.
Result<SqliteDatabase> MakeOutboxCopy(const std::string& path);

}  // namespace fleet_edge::uplink
