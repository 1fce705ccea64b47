#include "uplink/row_reader.h"

#include <string>
#include <utility>

#include "core/result.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

// How many ids in a row may be unreadable before the rest is given up: a damaged page hides some
// hundred rows at most, so thousands mean that the tree above is gone.
constexpr RowId kMaxUnreadable = 100'000;

}  // namespace

Result<RowReader> RowReader::Open(SqliteDatabase& database) {
  const std::string select = "SELECT " + std::string(kRowColumns) + " FROM batch ";
  // `NOT INDEXED`: the damage may be in the index.
  auto after = database.Prepare(select + "NOT INDEXED WHERE id>?1 ORDER BY id LIMIT 1");
  if (!after) return after.error();
  auto exact = database.Prepare(select + "WHERE id=?1");
  if (!exact) return exact.error();
  return RowReader(std::move(*after), std::move(*exact));
}

RowReader::RowReader(SqliteStatement after, SqliteStatement exact)
    : after_(std::move(after)), exact_(std::move(exact)) {}

bool RowReader::Next(Store::Row& row) {
  after_.Reset();
  const auto found = after_.Bind(1, last_).Step();
  if (found && !*found) return false;
  if (found) {
    row = ReadRow(after_);
  } else {
    ++holes_;
    if (!FindExact(row)) return false;
  }
  last_ = row.id;
  return true;
}

bool RowReader::FindExact(Store::Row& row) {
  for (RowId id = last_ + 1; id <= last_ + kMaxUnreadable; ++id) {
    exact_.Reset();
    const auto found = exact_.Bind(1, id).Step();
    if (!found || !*found) continue;
    row = ReadRow(exact_);
    return true;
  }
  return false;
}

}  // namespace fleet_edge::uplink
