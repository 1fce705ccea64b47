#include "uplink/sqlite_salvage.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "core/result.h"
#include "uplink/row_reader.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

Result<void> CopyRows(SqliteDatabase& from, SqliteDatabase& into) {
  auto insert = into.Prepare("INSERT OR REPLACE INTO batch(" + std::string(kRowColumns) +
                             ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  if (!insert) return insert.error();
  auto reader = RowReader::Open(from);
  if (!reader) return {};  // its schema is unreadable: nothing can be saved
  Store::Row row;
  while (reader->Next(row)) {
    if (!row.intact) continue;
    BindRow(*insert, row.id, row.batch);
    if (auto done = insert->Run(); !done) return done;
  }
  return {};
}

Result<void> CopyMeta(SqliteDatabase& from, SqliteDatabase& into, Salvaged& salvaged) {
  auto select = from.Prepare("SELECT key, value FROM meta WHERE key<>'schema'");
  auto insert = into.Prepare("INSERT OR REPLACE INTO meta VALUES(?1,?2)");
  if (!insert) return insert.error();
  if (!select) return {};
  for (;;) {
    const auto row = select->Step();
    if (!row || !*row) return {};
    const std::string key(select->Bytes(0));
    const std::string value(select->Bytes(1));
    if (key == "totals") {
      salvaged.totals = TotalsFrom(value);
      continue;
    }
    insert->Bind(1, std::string_view(key)).Bind(2, std::string_view(value));
    if (auto done = insert->Run(); !done) return done;
  }
}

}  // namespace

Result<std::string> MoveAside(const std::string& path) {
  namespace fs = std::filesystem;
  std::string aside;
  std::error_code error;
  for (int n = 1; aside.empty() || fs::exists(aside, error); ++n) {
    aside = path + ".corrupt-" + std::to_string(n);
  }
  fs::rename(path, aside, error);
  if (error) return Error{Error::Code::kRetry, path + ": can't be put aside: " + error.message()};
  // A journal that isn't there is none.
  if (fs::exists(path + "-wal", error)) fs::rename(path + "-wal", aside + "-wal", error);
  if (error)
    return Error{Error::Code::kRetry, path + "-wal: can't be put aside: " + error.message()};
  return aside;
}

Result<Salvaged> CopyReadable(const std::string& aside, SqliteDatabase& into) {
  Salvaged salvaged;
  auto from = SqliteDatabase::Open(aside);
  if (!from) return salvaged;
  // As when it was written: the journal's index needs no file.
  if (!from->Execute("PRAGMA locking_mode=EXCLUSIVE")) return salvaged;
  if (auto begun = into.Execute("BEGIN"); !begun) return begun.error();
  auto done = CopyRows(*from, into);
  if (done) done = CopyMeta(*from, into, salvaged);
  if (done) done = into.Execute("COMMIT");
  if (!done) {
    (void)into.Execute("ROLLBACK");
    return done.error();
  }
  return salvaged;
}

}  // namespace fleet_edge::uplink
