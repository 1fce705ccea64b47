#include "uplink/sqlite_salvage.h"

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/row_reader.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_aside.h"
#include "uplink/sqlite_rows.h"
#include "uplink/sqlite_schema.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

namespace fs = std::filesystem;

static_assert(sizeof(off_t) == 8,
              "an outbox of more than 2 GiB is opened: needs -D_FILE_OFFSET_BITS=64");

// Key of `meta` in a copy: where the damaged file is, and what was lost.
constexpr const char* kSalvagedKey = "salvaged";

Error Failed(const std::string& path, const std::string& what, const std::string& why) {
  return {Error::Code::kRetry, path + ": can't be " + what + ": " + why};
}

/// The rows as they lie in the tree. An id alone out of order is damaged: it is the one that is
/// missing between its neighbours'. Of a tree that has lost pages whole runs may be out of order,
/// old copies of rows among them: those keep their ids.
class RowsInOrder {
 public:
  explicit RowsInOrder(RowReader& rows) : rows_(rows), has_next_(rows.Next(next_)) {}

  bool Next(Store::Row& row) {
    if (!has_next_) return false;
    row = std::move(next_);
    has_next_ = rows_.Next(next_);
    const bool is_behind = row.id <= last_;
    const bool is_ahead = has_next_ && next_.id <= row.id && next_.id > last_;
    const bool has_place = in_order_ && (!has_next_ || next_.id > last_ + 1);
    if ((is_behind || is_ahead) && has_place) row.id = last_ + 1;
    in_order_ = row.id > last_;
    last_ = std::max(last_, row.id);
    return true;
  }

 private:
  RowReader& rows_;
  Store::Row next_;
  bool has_next_;
  bool in_order_ = true;  // the row before
  RowId last_ = 0;
};

Result<void> CopyRows(SqliteDatabase& from, SqliteDatabase& into) {
  auto insert = into.Prepare("INSERT OR REPLACE INTO batch(" + std::string(kRowColumns) +
                             ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  if (!insert) return insert.error();
  auto reader = RowReader::Open(from);
  if (!reader && reader.error().code == Error::Code::kCorrupt && MendSchema(from)) {
    reader = RowReader::Open(from);
  }
  if (!reader && reader.error().code == Error::Code::kRetry) return reader.error();
  if (!reader) return {};  // its schema is unreadable: nothing can be saved
  RowsInOrder rows(*reader);
  Store::Row row;
  while (rows.Next(row)) {
    if (!row.intact) continue;
    BindRow(*insert, row.id, row.batch);
    if (auto done = insert->Run(); !done) return done;
  }
  return {};
}

/// Returns the database's own books; 0 where they are unreadable.
Result<Books> CopyMeta(SqliteDatabase& from, SqliteDatabase& into) {
  Books books;
  auto select = from.Prepare("SELECT * FROM meta");  // the damage may be in a column's name
  auto insert = into.Prepare("INSERT OR REPLACE INTO meta VALUES(?1,?2)");
  if (!insert) return insert.error();
  if (!select) return books;
  for (;;) {
    const auto row = select->Step();
    if (!row || !*row) return books;
    const std::string key(select->Bytes(0));
    const std::string value(select->Bytes(1));
    if (key == "schema") continue;  // the copy has its own
    if (key == kTotalsKey) {
      books = BooksFrom(value);
      continue;
    }
    insert->Bind(1, std::string_view(key)).Bind(2, std::string_view(value));
    if (auto done = insert->Run(); !done) return done.error();
  }
}

/// What is missing in `have` of what `had` says.
LaneTotals Shortfall(const LaneTotals& had, const LaneTotals& have) {
  const auto missing = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; };
  return {missing(had.batches, have.batches), missing(had.records, have.records),
          missing(had.bytes, have.bytes)};
}

/// Writes the copy's own books, and what it lacks of what there was.
Result<void> WriteReport(SqliteDatabase& copy, const std::string& aside, const Books& had) {
  Books have{.totals = {}, .last_row = had.last_row};
  Books lost;
  for (const Lane lane : kLanes) {
    const auto at = static_cast<std::size_t>(lane);
    const auto counted = CountRows(copy, lane);
    if (!counted) return counted.error();
    have.totals.at(at) = *counted;
    lost.totals.at(at) = Shortfall(had.totals.at(at), *counted);
  }
  auto insert = copy.Prepare("INSERT OR REPLACE INTO meta VALUES(?1,?2)");
  if (!insert) return insert.error();
  const std::string books = ToText(have);
  insert->Bind(1, std::string_view(kTotalsKey)).Bind(2, std::string_view(books));
  if (auto done = insert->Run(); !done) return done;
  const std::string report = aside + "\n" + ToText(lost);
  return insert->Bind(1, std::string_view(kSalvagedKey)).Bind(2, std::string_view(report)).Run();
}

Result<void> CopyReadable(const std::string& path, SqliteDatabase& into, const std::string& aside,
                          const std::optional<Books>& books) {
  Books had = books.value_or(Books{});
  auto from = SqliteDatabase::Open(path);
  std::error_code ignored;
  const bool is_file = fs::is_regular_file(path, ignored);
  if (!from && is_file && from.error().code == Error::Code::kRetry) return from.error();
  // As when it was written: the journal's index needs no file. It is kept as it is, for people.
  if (from) from->KeepJournalOnClose();
  if (from && from->Execute("PRAGMA locking_mode=EXCLUSIVE")) {
    if (auto done = CopyRows(*from, into); !done) return done;
    const auto own = CopyMeta(*from, into);
    if (!own) return own.error();
    if (!books) had = *own;
  }
  return WriteReport(into, aside, had);
}

Result<void> Sync(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Failed(path, "opened", std::strerror(errno));
  const bool synced = ::fsync(file) == 0;
  const std::string why = std::strerror(errno);
  ::close(file);
  if (!synced) return Failed(path, "synced", why);
  return {};
}

/// Returns when the new name would survive a power cut.
Result<void> Rename(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return Failed(from, "renamed " + to, error.message());
  return Sync(fs::path(to).parent_path().string());
}

Result<void> CheckRoom(const std::string& path) {
  std::error_code no_size;
  std::error_code no_space;
  const std::uintmax_t size = fs::file_size(path, no_size);
  const fs::space_info space = fs::space(fs::path(path).parent_path(), no_space);
  if (no_size || no_space || space.available >= size) return {};
  return Error{Error::Code::kFull, path + ": is damaged, and its salvage needs " +
                                       std::to_string((size >> 20U) + 1) +
                                       " MiB of free disk beside it. Make room"};
}

Result<void> MakeCopy(const std::string& path, const std::string& copy,
                      const std::optional<Books>& books) {
  auto into = MakeOutboxCopy(copy);
  if (!into) return into.error();
  if (auto begun = into->Execute("BEGIN"); !begun) return begun;
  if (auto done = CopyReadable(path, *into, NextAside(path), books); !done) return done;
  return into->Execute("COMMIT");
}

}  // namespace

Result<void> SalvageDatabase(const std::string& path, const std::optional<Books>& books) {
  if (auto room = CheckRoom(path); !room) return room;
  const std::string copy = path + ".salvage";
  std::error_code ignored;
  fs::remove(copy, ignored);
  auto done = MakeCopy(path, copy, books);
  if (done) done = Sync(copy);
  if (done) done = Rename(copy, path + ".salvaged");
  if (done) return FinishSalvage(path);
  fs::remove(copy, ignored);
  return done;
}

Result<void> FinishSalvage(const std::string& path) {
  std::error_code ignored;
  fs::remove(path + ".salvage", ignored);
  if (!fs::exists(path + ".salvaged", ignored)) return {};
  // First the journal moves: until the database itself has, the next name stays the same.
  const std::string aside = NextAside(path);
  // A journal that isn't there is none. Under a new database it would be taken for its own.
  if (fs::exists(path, ignored) && fs::exists(path + "-wal", ignored)) {
    if (auto done = Rename(path + "-wal", aside + "-wal"); !done) return done;
  }
  if (fs::exists(path, ignored)) {
    if (auto done = Rename(path, aside); !done) return done;
  }
  return Rename(path + ".salvaged", path);
}

Result<std::optional<Store::SalvageReport>> UnbookedSalvage(SqliteDatabase& database) {
  const auto text =
      database.Query("SELECT value FROM meta WHERE key='" + std::string(kSalvagedKey) + "'");
  if (!text) return text.error();
  if (text->empty()) return std::optional<Store::SalvageReport>();
  const std::size_t line = text->find('\n');
  if (line == std::string::npos) return std::optional<Store::SalvageReport>();
  return std::optional(Store::SalvageReport{.aside = text->substr(0, line),
                                            .lost = BooksFrom(text->substr(line + 1)).totals});
}

Result<void> BookSalvage(SqliteDatabase& database) {
  return database.Execute("DELETE FROM meta WHERE key='" + std::string(kSalvagedKey) + "'");
}

}  // namespace fleet_edge::uplink
