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
  // `NOT INDEXED`: the damage may be in the index; `*` and `rowid`: it may be in a column's name.
  const std::string select = "SELECT * FROM batch NOT INDEXED";
  auto all = database.Prepare(select);
  if (!all) return all.error();
  auto after = database.Prepare(select + " WHERE rowid>?1 ORDER BY rowid LIMIT 1");
  if (!after) return after.error();
  auto exact = database.Prepare(select + " WHERE rowid=?1");
  if (!exact) return exact.error();
  return RowReader(std::move(*all), std::move(*after), std::move(*exact));
}

RowReader::RowReader(SqliteStatement all, SqliteStatement after, SqliteStatement exact)
    : all_(std::move(all)), after_(std::move(after)), exact_(std::move(exact)) {}

bool RowReader::Next(Store::Row& row) {
  if (sound_) {
    const auto found = all_.Step();
    sound_ = found.has_value();
    if (found && *found) return Take(row, all_);
    if (found) return false;
    ++holes_;
  }
  after_.Reset();
  const auto found = after_.Bind(1, last_).Step();
  if (found && !*found) return false;
  // In a damaged tree the row that is found may be an earlier one, again and again.
  if (found && after_.Integer(0) > last_) return Take(row, after_);
  ++holes_;
  return FindExact(row);
}

bool RowReader::Take(Store::Row& row, SqliteStatement& from) {
  row = ReadRow(from);
  last_ = row.id;
  return true;
}

bool RowReader::FindExact(Store::Row& row) {
  for (RowId id = last_ + 1; id <= last_ + kMaxUnreadable; ++id) {
    exact_.Reset();
    const auto found = exact_.Bind(1, id).Step();
    if (found && *found) return Take(row, exact_);
  }
  return false;
}

}  // namespace fleet_edge::uplink
