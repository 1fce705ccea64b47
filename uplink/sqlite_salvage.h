#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

// A salvage survives a power cut at any of its steps:
//
//   1. what is readable is copied to `<path>.salvage`, and the copy is synced;
//   2. the copy is renamed `<path>.salvaged`: from here on it counts;
//   3. the damaged database, its journal first, is renamed to the next `<path>.corrupt-<n>`;
//   4. the copy takes its place.
//
// Before step 2 nothing has happened to the damaged database; after it FinishSalvage() goes on.

/// Salvages the damaged database at `path`, which nobody has open. `books` are what it should hold;
/// without them its own totals tell. A thing of another kind in its place is moved as well. Errors,
/// it is as it was then, or FinishSalvage() goes on: kFull (the copy needs room beside it), kRetry.
Result<void> SalvageDatabase(const std::string& path, const std::optional<Books>& books);

/// Ends a salvage that was cut off. To be called before the database is opened; having nothing to
/// do is no error. Errors: kRetry.
Result<void> FinishSalvage(const std::string& path);

/// What the salvage that made this database says of itself, until it is booked; nothing when it was
/// booked, or none was. Errors as of SqliteDatabase.
Result<std::optional<Store::SalvageReport>> UnbookedSalvage(SqliteDatabase& database);

/// Takes note, in the current transaction, that what was lost is booked. Errors as above.
Result<void> BookSalvage(SqliteDatabase& database);

}  // namespace fleet_edge::uplink
