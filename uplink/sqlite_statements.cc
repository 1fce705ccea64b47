#include "uplink/sqlite_statements.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"

namespace fleet_edge::uplink {
namespace {

std::string SelectRows(std::string_view where) {
  return "SELECT " + std::string(kRowColumns) + " FROM batch WHERE " + std::string(where) +
         " AND id>?2 ORDER BY id LIMIT ?3";
}

}  // namespace

Result<std::unique_ptr<SqliteStatements>> SqliteStatements::Prepare(SqliteDatabase& database) {
  std::optional<Error> error;
  const auto prepare = [&](const std::string& sql) -> std::optional<SqliteStatement> {
    auto statement = database.Prepare(sql);
    if (statement) return std::move(*statement);
    error = statement.error();
    return std::nullopt;
  };
  // In the order of the members.
  std::vector<std::optional<SqliteStatement>> all;
  for (const std::string& sql :
       {std::string("BEGIN IMMEDIATE"), std::string("COMMIT"), std::string("ROLLBACK"),
        "INSERT OR REPLACE INTO batch(" + std::string(kRowColumns) +
            ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
        std::string("DELETE FROM batch WHERE id BETWEEN ?1 AND ?2"),
        std::string("INSERT OR REPLACE INTO meta VALUES(?1,?2)"),
        std::string("INSERT INTO meta VALUES(?1,?2)"
                    " ON CONFLICT(key) DO UPDATE SET value=value+excluded.value"),
        std::string("SELECT value FROM meta WHERE key=?1"), SelectRows("lane=?1 AND lane<2"),
        SelectRows("lane=?1 AND lane=2"), std::string("PRAGMA page_count"),
        std::string("PRAGMA freelist_count")}) {
    all.push_back(prepare(sql));
    if (error) return *error;
  }
  std::size_t next = 0;
  const auto take = [&] { return std::move(*all[next++]); };
  return std::unique_ptr<SqliteStatements>(new SqliteStatements{take(), take(), take(), take(),
                                                                take(), take(), take(), take(),
                                                                take(), take(), take(), take()});
}

}  // namespace fleet_edge::uplink
