#pragma once

#include <string>

#include "core/result.h"
#include "uplink/sqlite.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// Renames a database and its journal to the first free `<path>.corrupt-<n>`, and returns that
/// path. A thing of another kind in its place is moved as well. Errors: kRetry.
Result<std::string> MoveAside(const std::string& path);

/// What a damaged database said of itself.
struct Salvaged {
  Totals totals{};  ///< 0 where its own books are unreadable
};

/// Copies what is readable in the database at `aside` into the empty `into`: batches row by row
/// under their ids, meta key by key. Errors, of `into` alone: kRetry, kFull.
Result<Salvaged> CopyReadable(const std::string& aside, SqliteDatabase& into);

}  // namespace fleet_edge::uplink
