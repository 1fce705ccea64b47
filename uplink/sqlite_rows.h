#pragma once

#include <limits>
#include <string>
#include <string_view>

#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/sqlite.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// What the store knows of its database.
struct Books {
  Totals totals{};
  RowId last_row = 0;  ///< the greatest id given out
};

/// Key of `meta`: the books.
inline constexpr const char* kTotalsKey = "totals";

/// The columns that ReadRow() reads, in its order, which is the table's.
inline constexpr std::string_view kRowColumns =
    "id, lane, epoch, seq, count, utc_us, boot_us, crc, body";

/// The current row of a statement that selects kRowColumns; `intact` is what its crc says.
Store::Row ReadRow(SqliteStatement& statement);

/// Binds the nine columns from parameter 1 on; id 0 is bound as NULL. The batch lives until the
/// statement is reset.
void BindRow(SqliteStatement& statement, RowId id, const Batch& batch);

/// Counted row by row, those between two ids (both exclusive). Errors as of SqliteDatabase.
Result<LaneTotals> CountRows(SqliteDatabase& database, Lane lane, RowId after = 0,
                             RowId before = std::numeric_limits<RowId>::max());

/// The value of meta's key `totals`.
std::string ToText(const Books& books);
Books BooksFrom(const std::string& text);

}  // namespace fleet_edge::uplink
