#include "uplink/sqlite_schema.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/sqlite.h"

namespace fleet_edge::uplink {
namespace {

constexpr std::uint64_t kPageSize = 4'096;

// Reasons: docs/outbox.md. Nothing here writes to a database that is there: it must open on a full
// disk, or nothing in it could be sent. Exclusive locking comes before anything is read, so that
// the journal's index stays in memory, without a file.
constexpr const char* kLocking = "PRAGMA locking_mode=EXCLUSIVE;";
// Before any table is made.
constexpr const char* kNewPragmas = "PRAGMA page_size=4096;";
constexpr const char* kJournalPragmas =
    "PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=OFF;"
    "PRAGMA journal_size_limit=4194304;"
    "PRAGMA wal_autocheckpoint=1000;"
    "PRAGMA temp_store=MEMORY;";

// kMigrations[n] brings version n to version n + 1; each runs in one transaction with the new
// version. An index over telemetry would double the writes; one over the few alerts and status
// events costs nothing and finds them among millions of rows.
constexpr std::array kMigrations{
    "CREATE TABLE batch(id INTEGER PRIMARY KEY AUTOINCREMENT, lane INT, epoch INT, seq INT,"
    " count INT, utc_us INT, boot_us INT, crc INT, body BLOB);"
    "CREATE INDEX urgent ON batch(lane) WHERE lane < 2;"
    "CREATE TABLE quarantine(id INTEGER PRIMARY KEY, lane INT, epoch INT, seq INT, count INT,"
    " utc_us INT, boot_us INT, crc INT, body BLOB, reason TEXT);"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;",
    // Ids are counted in memory, from the one in `totals`: AUTOINCREMENT writes a page a commit.
    // Its word is all that differs in the file, so no row is touched.
    "UPDATE meta SET value=value||coalesce((SELECT seq FROM sqlite_sequence),0) WHERE key='totals';"
    "DELETE FROM sqlite_sequence;"
    "PRAGMA writable_schema=ON;"
    "UPDATE sqlite_schema SET sql=replace(sql,' AUTOINCREMENT','') WHERE name='batch';"
    "PRAGMA writable_schema=RESET;",
};

// As the migrations leave them.
constexpr const char* kBatchTable =
    "CREATE TABLE batch(id INTEGER PRIMARY KEY, lane INT, epoch INT, seq INT, count INT,"
    " utc_us INT, boot_us INT, crc INT, body BLOB)";
constexpr const char* kMetaTable = "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID";

Error Fatal(const SqliteDatabase& database, const std::string& what) {
  return {Error::Code::kFatal, database.path() + ": " + what};
}

Result<void> SetPragmas(SqliteDatabase& database, Bytes quota) {
  if (auto done = database.Execute(kLocking); !done) return done;
  const auto pages = database.QueryInteger("PRAGMA page_count");
  if (!pages) return pages.error();
  if (*pages == 0) {
    if (auto done = database.Execute(kNewPragmas); !done) return done;
  }
  const auto mode = database.Query("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return Fatal(database, "the journal mode stays '" + *mode +
                               "' instead of 'wal'. Put outbox.directory on a local file system");
  }
  if (auto done = database.Execute(kJournalPragmas); !done) return done;
  return database.Execute("PRAGMA max_page_count=" + std::to_string(quota.count / kPageSize));
}

constexpr auto kNewest = static_cast<std::int64_t>(kMigrations.size());

/// What `meta` says; 0: nothing is there yet.
Result<std::int64_t> SchemaVersion(SqliteDatabase& database) {
  auto has_meta = database.QueryInteger("SELECT count(*) FROM sqlite_schema WHERE name='meta'");
  if (!has_meta || *has_meta == 0) return has_meta;
  return database.QueryInteger("SELECT value FROM meta WHERE key='schema'");
}

Result<void> Migrate(SqliteDatabase& database) {
  if (auto known = CheckSchemaVersion(database); !known) return known;
  const auto stored = SchemaVersion(database);
  if (!stored) return stored.error();
  if (*stored == kNewest) return {};
  for (std::int64_t version = *stored; version < kNewest; ++version) {
    auto done = database.Execute(
        "BEGIN;" + std::string(kMigrations.at(static_cast<std::size_t>(version))) +
        "INSERT OR REPLACE INTO meta VALUES('schema'," + std::to_string(version + 1) +
        ");PRAGMA user_version=" + std::to_string(version + 1) + ";COMMIT;");
    if (!done && version > 0 && done.error().code != Error::Code::kCorrupt) {
      // An older one works, too: on a full disk the backlog must be sent to make room. The next
      // start tries again.
      (void)database.Execute("ROLLBACK");
      return {};
    }
    if (!done) return done;
  }
  // A package of an older version looks at the file's header alone before it takes this one's
  // place: the new version must not wait in the journal. Without room it does, until there is some.
  (void)database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return {};
}

}  // namespace

Result<void> CheckSchemaVersion(SqliteDatabase& database) {
  const auto version = SchemaVersion(database);
  if (!version) return version.error();
  if (*version >= 0 && *version <= kNewest) return {};
  // A newer program has written its version into the header too; a flipped bit is in one place.
  const auto header = database.QueryInteger("PRAGMA user_version");
  if (!header) return header.error();
  if (*header != *version) {
    return Error{Error::Code::kCorrupt, database.path() + ": its schema is version " +
                                            std::to_string(*version) + ", its header says " +
                                            std::to_string(*header)};
  }
  return Fatal(database, "its schema is version " + std::to_string(*version) +
                             ", this fleet-edge knows up to " + std::to_string(kNewest) +
                             ". Run the newer fleet-edge, or set another outbox.directory");
}

Result<void> MendSchema(SqliteDatabase& database) {
  // While the schema may be written, an entry that can't be read hides no other. A flipped bit is
  // in the name or in what follows it: one of the two is found.
  return database.Execute(
      "PRAGMA writable_schema=ON; BEGIN;"
      "UPDATE sqlite_schema SET type='table', name='batch', tbl_name='batch', sql='" +
      std::string(kBatchTable) +
      "' WHERE rowid=1;"
      "UPDATE sqlite_schema SET type='table', name='meta', tbl_name='meta', sql='" +
      kMetaTable +
      "' WHERE sql LIKE '%(key TEXT%' OR sql LIKE '%WITHOUT ROWID';"
      "PRAGMA writable_schema=RESET; PRAGMA writable_schema=ON");
}

Result<SqliteDatabase> MakeOutboxCopy(const std::string& path) {
  auto database = SqliteDatabase::Open(path);
  if (!database) return database;
  if (auto done = database->Execute(
          std::string(kLocking) + "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;" + kNewPragmas);
      !done) {
    return done.error();
  }
  if (auto done = Migrate(*database); !done) return done.error();
  return database;
}

Result<SqliteDatabase> OpenOutboxDatabase(const std::string& path, Bytes quota) {
  auto database = SqliteDatabase::Open(path);
  if (!database) return database;
  if (auto done = SetPragmas(*database, quota); !done) return done.error();
  if (auto done = Migrate(*database); !done) return done.error();
  return database;
}

}  // namespace fleet_edge::uplink
