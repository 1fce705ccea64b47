#include "uplink/sqlite.h"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/sqlite_meter.h"

namespace fleet_edge::uplink {
namespace {

Error::Code CodeOf(int extended) {
  switch (extended & 0xFF) {
    case SQLITE_FULL:
      return Error::Code::kFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:  // our statements are fixed: the schema is not the one that was written
      return Error::Code::kCorrupt;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return Error::Code::kFatal;
    case SQLITE_IOERR:
      // The file ends where a page should be.
      return extended == SQLITE_IOERR_SHORT_READ ? Error::Code::kCorrupt : Error::Code::kRetry;
    default:
      return Error::Code::kRetry;
  }
}

/// What SQLite calls a disk I/O error, for who has to mend it. Its own sqlite3_system_errno() is
/// often that of a later call.
std::string WhyNotWritten(int extended, const std::string& path) {
  const int code = extended & 0xFF;
  if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN && code != SQLITE_READONLY) return {};
  struct statvfs disk{};
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (statvfs(folder.c_str(), &disk) != 0 || (disk.f_flag & ST_RDONLY) == 0) return {};
  return "; its disk is mounted read-only";
}

Error ErrorOf(sqlite3* database) {
  const char* const file = sqlite3_db_filename(database, "main");
  const int code = sqlite3_extended_errcode(database);
  const std::string path = file != nullptr ? file : "database";
  return {CodeOf(code), path + ": " + sqlite3_errmsg(database) + WhyNotWritten(code, path)};
}

/// Lies behind the system's file object, whose calls are the system's own but for writing.
struct MeteredFile {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* system;
  std::uint64_t* written;
};

/// Where it lies: the size of the system's file object, aligned.
std::size_t MeteredFileOffset() {
  constexpr std::size_t kAligned = alignof(MeteredFile);
  const auto size = static_cast<std::size_t>(sqlite3_vfs_find(nullptr)->szOsFile);
  return (size + kAligned - 1) / kAligned * kAligned;
}

void* PlaceBehind(sqlite3_file* file) {
  return reinterpret_cast<std::byte*>(file) + MeteredFileOffset();
}

int WriteMetered(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  const auto& metered = *static_cast<const MeteredFile*>(PlaceBehind(file));
  const int code = metered.system->xWrite(file, bytes, count, at);
  if (code == SQLITE_OK) *metered.written += static_cast<std::uint64_t>(count);
  return code;
}

}  // namespace

/// The system's VFS with another way to open files.
struct SqliteMeter::Vfs {
  Vfs() {
    std::ostringstream unique;
    unique << "meter-" << this;
    name = std::move(unique).str();
    vfs.zName = name.c_str();
    vfs.pNext = nullptr;
    vfs.pAppData = this;
    vfs.szOsFile = static_cast<int>(MeteredFileOffset() + sizeof(MeteredFile));
    vfs.xOpen = &Vfs::Open;
    sqlite3_vfs_register(&vfs, 0);
  }
  ~Vfs() { sqlite3_vfs_unregister(&vfs); }
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  static int Open(sqlite3_vfs* self, const char* path, sqlite3_file* file, int flags, int* opened) {
    auto& meter = *static_cast<Vfs*>(self->pAppData);
    const int code = meter.system.xOpen(&meter.system, path, file, flags, opened);
    if (file->pMethods == nullptr) return code;
    auto* const metered = new (PlaceBehind(file)) MeteredFile{
        .methods = *file->pMethods,
        .system = file->pMethods,
        .written = (flags & SQLITE_OPEN_WAL) != 0 ? &meter.journal : &meter.database,
    };
    metered->methods.xWrite = &WriteMetered;
    file->pMethods = &metered->methods;
    return code;
  }

  sqlite3_vfs& system = *sqlite3_vfs_find(nullptr);
  sqlite3_vfs vfs = system;
  std::string name;
  std::uint64_t journal = 0;
  std::uint64_t database = 0;
};

SqliteMeter::SqliteMeter() : vfs_(std::make_unique<Vfs>()) {}

SqliteMeter::~SqliteMeter() = default;

const char* SqliteMeter::name() const { return vfs_->name.c_str(); }

Bytes SqliteMeter::journal() const { return {vfs_->journal}; }

Bytes SqliteMeter::database() const { return {vfs_->database}; }

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::Bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int index, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::BindBlob(int index, std::string_view bytes) {
  // A null pointer would bind NULL instead of an empty blob.
  sqlite3_bind_blob64(statement_.get(), index, bytes.empty() ? "" : bytes.data(), bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

SqliteStatement& SqliteStatement::BindNull(int index) {
  sqlite3_bind_null(statement_.get(), index);
  return *this;
}

Result<bool> SqliteStatement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(sqlite3_db_handle(statement_.get()));
}

Result<void> SqliteStatement::Run() {
  const auto stepped = Step();
  Reset();
  if (!stepped) return stepped.error();
  return {};
}

void SqliteStatement::Reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::int64_t SqliteStatement::Integer(int column) {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view SqliteStatement::Bytes(int column) {
  const void* const bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void SqliteDatabase::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<SqliteDatabase> SqliteDatabase::Open(const std::string& path) {
  return OpenAs(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<SqliteDatabase> SqliteDatabase::OpenToLook(const std::string& path) {
  auto database = OpenAs(path, SQLITE_OPEN_READWRITE);
  if (!database) return database;
  database->KeepJournalOnClose();
  // The journal's index needs no file then.
  if (auto done = database->Execute("PRAGMA locking_mode=EXCLUSIVE"); !done) return done.error();
  return database;
}

Result<SqliteDatabase> SqliteDatabase::OpenAs(const std::string& path, int flags) {
  auto meter = std::make_unique<SqliteMeter>();
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, meter->name());
  SqliteDatabase database(raw, std::move(meter), path);
  if (code == SQLITE_OK) return database;
  return Error{CodeOf(code), path + ": " + sqlite3_errstr(code) + WhyNotWritten(code, path)};
}

Result<SqliteStatement> SqliteDatabase::Prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
    return ErrorOf(database_.get());
  }
  return SqliteStatement(raw);
}

Result<void> SqliteDatabase::Execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return ErrorOf(database_.get());
  }
  return {};
}

Result<std::string> SqliteDatabase::Query(std::string_view sql) {
  auto statement = Prepare(sql);
  if (!statement) return statement.error();
  const auto row = statement->Step();
  if (!row) return row.error();
  return *row ? std::string(statement->Bytes(0)) : std::string();
}

Result<std::int64_t> SqliteDatabase::QueryInteger(std::string_view sql) {
  const auto text = Query(sql);
  if (!text) return text.error();
  std::int64_t value = 0;
  std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

void SqliteDatabase::KeepJournalOnClose() {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace fleet_edge::uplink
