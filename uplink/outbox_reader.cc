#include "uplink/outbox_reader.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/directory_lock.h"
#include "uplink/row_reader.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"
#include "uplink/sqlite_schema.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

constexpr const char* kDropped = "dropped.";

}  // namespace

Result<std::unique_ptr<OutboxReader>> OutboxReader::Open(const std::string& directory) {
  std::error_code error;
  std::string path = directory + "/outbox.db";
  // A power cut in the last step of a salvage has left the sound copy under its own name.
  if (!std::filesystem::exists(path, error)) path += ".salvaged";
  if (!std::filesystem::exists(path, error)) {
    return Error{Error::Code::kFatal,
                 directory + ": no outbox here. Give the folder that outbox.directory names"};
  }
  auto lock = DirectoryLock::Take(directory);
  if (!lock) return lock.error();
  auto database = SqliteDatabase::OpenToLook(path);
  if (!database) return database.error();
  if (auto known = CheckSchemaVersion(*database); !known) return known.error();
  auto rows = RowReader::Open(*database);
  if (!rows) {
    return Error{Error::Code::kCorrupt,
                 rows.error().message + ". The agent puts it aside at its next start"};
  }
  return std::unique_ptr<OutboxReader>(
      new OutboxReader(std::move(*lock), std::move(*database), std::move(*rows)));
}

OutboxReader::OutboxReader(DirectoryLock lock, SqliteDatabase database, RowReader rows)
    : lock_(std::move(lock)), database_(std::move(database)), rows_(std::move(rows)) {}

std::optional<Totals> OutboxReader::books() {
  const auto text =
      database_.Query("SELECT value FROM meta WHERE key='" + std::string(kTotalsKey) + "'");
  if (!text || text->empty()) return std::nullopt;
  return BooksFrom(*text).totals;
}

std::map<std::string, std::uint64_t> OutboxReader::dropped() {
  std::map<std::string, std::uint64_t> records;
  auto select = database_.Prepare("SELECT key, value FROM meta WHERE key LIKE 'dropped.%'");
  if (!select) return records;
  while (true) {
    const auto row = select->Step();
    if (!row || !*row) return records;
    const std::string what(select->Bytes(0).substr(std::string(kDropped).size()));
    records[what] = static_cast<std::uint64_t>(select->Integer(1));
  }
}

std::optional<UtcTime> OutboxReader::oldest() {
  const auto sealed = database_.QueryInteger("SELECT utc_us FROM batch ORDER BY id LIMIT 1");
  if (!sealed || *sealed == 0) return std::nullopt;
  return UtcTime{Duration{*sealed}};
}

Bytes OutboxReader::size() const {
  Bytes size;
  for (const char* const suffix : {"", "-wal"}) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(database_.path() + suffix, error);
    if (!error) size += {bytes};
  }
  return size;
}

}  // namespace fleet_edge::uplink
