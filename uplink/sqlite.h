#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/sqlite_meter.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fleet_edge::uplink {

/// A prepared statement. Lives no longer than its database, and is used on the same thread.
class SqliteStatement {
 public:
  /// Binds the parameter `index`, from 1. Text and blobs must live until the statement is reset.
  SqliteStatement& Bind(int index, std::int64_t value);
  SqliteStatement& Bind(int index, std::string_view text);
  SqliteStatement& BindBlob(int index, std::string_view bytes);
  SqliteStatement& BindNull(int index);

  /// True when there is a row to read, false at the end. Errors as of SqliteDatabase.
  Result<bool> Step();

  /// Steps a statement that has no rows, and resets it.
  Result<void> Run();

  /// Ready to be bound and stepped again.
  void Reset();

  // Columns of the current row, from 0. Views hold until the next Step() or Reset().
  std::int64_t Integer(int column);
  std::string_view Bytes(int column);

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// A connection to one SQLite database; with its meter the only place that knows SQLite's C
/// interface. One thread.
///
/// Errors of all calls: kFull (disk or max_page_count), kCorrupt (damaged, or no database), kRetry
/// (I/O, busy, read-only), kFatal (a misuse of the interface). The message names the file.
class SqliteDatabase {
 public:
  /// Opens or makes the file.
  static Result<SqliteDatabase> Open(const std::string& path);

  /// Opens a file that is there, to look at it: closing it leaves its journal as it is.
  static Result<SqliteDatabase> OpenToLook(const std::string& path);

  Result<SqliteStatement> Prepare(std::string_view sql);

  /// Runs statements that have no rows, separated by `;`.
  Result<void> Execute(const std::string& sql);

  /// The first column of the first row, as text; empty when there is none.
  Result<std::string> Query(std::string_view sql);
  Result<std::int64_t> QueryInteger(std::string_view sql);

  /// Closing leaves the journal as it stands, instead of writing it to the database.
  void KeepJournalOnClose();

  /// What this connection has written.
  const SqliteMeter& meter() const { return *database_.get_deleter().meter; }

  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;

    std::unique_ptr<SqliteMeter> meter;
  };

  static Result<SqliteDatabase> OpenAs(const std::string& path, int flags);

  SqliteDatabase(sqlite3* database, std::unique_ptr<SqliteMeter> meter, std::string path)
      : database_(database, Close{std::move(meter)}), path_(std::move(path)) {}

  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

}  // namespace fleet_edge::uplink
