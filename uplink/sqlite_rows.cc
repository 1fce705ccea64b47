#include "uplink/sqlite_rows.h"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <utility>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/row_crc.h"
#include "uplink/sqlite.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

Store::Row ReadRow(SqliteStatement& statement) {
  Store::Row row;
  row.id = statement.Integer(0);
  const std::int64_t lane = statement.Integer(1);
  const std::int64_t last = static_cast<std::int64_t>(kLanes.back());
  row.batch.id = {static_cast<Lane>(std::clamp<std::int64_t>(lane, 0, last)),
                  static_cast<std::uint64_t>(statement.Integer(2)),
                  static_cast<std::uint64_t>(statement.Integer(3))};
  row.batch.count = static_cast<std::uint32_t>(statement.Integer(4));
  row.batch.time = UtcTime{Duration{statement.Integer(5)}};
  row.batch.accepted = BootTime{Duration{statement.Integer(6)}};
  row.batch.body = statement.Bytes(8);
  row.intact = statement.Integer(7) == RowCrc(row.batch) && lane >= 0 && lane <= last;
  return row;
}

void BindRow(SqliteStatement& statement, RowId id, const Batch& batch) {
  if (id == 0) {
    statement.BindNull(1);
  } else {
    statement.Bind(1, id);
  }
  statement.Bind(2, static_cast<std::int64_t>(batch.id.lane))
      .Bind(3, static_cast<std::int64_t>(batch.id.epoch))
      .Bind(4, static_cast<std::int64_t>(batch.id.seq))
      .Bind(5, static_cast<std::int64_t>(batch.count))
      .Bind(6, batch.time.time_since_epoch().count())
      .Bind(7, batch.accepted.time_since_epoch().count())
      .Bind(8, static_cast<std::int64_t>(RowCrc(batch)))
      .BindBlob(9, batch.body);
}

Result<LaneTotals> CountRows(SqliteDatabase& database, Lane lane, RowId after, RowId before) {
  auto count = database.Prepare(
      "SELECT count(*), total(count), total(length(body)) FROM batch"
      " WHERE lane=?1 AND id>?2 AND id<?3");
  if (!count) return count.error();
  count->Bind(1, static_cast<std::int64_t>(lane)).Bind(2, after).Bind(3, before);
  const auto row = count->Step();
  if (!row) return row.error();
  return LaneTotals{.batches = static_cast<std::uint64_t>(count->Integer(0)),
                    .records = static_cast<std::uint64_t>(count->Integer(1)),
                    .bytes = static_cast<std::uint64_t>(count->Integer(2))};
}

std::string ToText(const Books& books) {
  std::ostringstream text;
  for (const LaneTotals& lane : books.totals) {
    text << lane.batches << ' ' << lane.records << ' ' << lane.bytes << ' ';
  }
  text << books.last_row;
  return std::move(text).str();
}

Books BooksFrom(const std::string& text) {
  std::istringstream in(text);
  Books books;
  for (LaneTotals& lane : books.totals) in >> lane.batches >> lane.records >> lane.bytes;
  in >> books.last_row;
  return books;
}

}  // namespace fleet_edge::uplink
