#include "uplink/sqlite_store.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/directory_lock.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_aside.h"
#include "uplink/sqlite_rows.h"
#include "uplink/sqlite_salvage.h"
#include "uplink/sqlite_schema.h"
#include "uplink/sqlite_statements.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

// Batches put aside: the newest are the ones that somebody looks at.
constexpr int kMaxQuarantined = 64;

constexpr std::uint64_t kPage = 4'096;

// Free pages are kept for what comes next; beyond this an empty queue gives them back.
constexpr Bytes kFreeKept = MiB(1);

// What a queue that is empty still holds (what is put aside) is copied, in memory, to give the rest
// back; beyond this it isn't.
constexpr Bytes kMaxCopied = MiB(4);

/// Whether it is not the quota that is used up: to SQLite both are one error. What tells them apart
/// is tried on a disk that is full: tests/faults/power_test.py.
bool IsDiskFull(const Error& error, const std::string& path) {
  constexpr Bytes kCommit = MiB(16);  // more than one takes, in journal and database
  std::error_code unknown;
  const auto space = std::filesystem::space(std::filesystem::path(path).parent_path(), unknown);
  return error.code == Error::Code::kFull && !unknown && space.available < kCommit.count;
}

}  // namespace

SqliteStore::SqliteStore(DirectoryLock lock, std::string path, Bytes quota)
    : lock_(std::move(lock)), path_(std::move(path)), quota_(quota) {}

SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::Open(const std::string& directory, Bytes quota) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return Error{Error::Code::kFatal, directory + ": can't be made: " + error.message() +
                                          ". Make it, or set another outbox.directory"};
  }
  auto lock = DirectoryLock::Take(directory);
  if (!lock) return lock.error();
  std::unique_ptr<SqliteStore> store(
      new SqliteStore(std::move(*lock), directory + "/outbox.db", quota));
  auto attached = store->Attach();
  if (!attached && attached.error().code == Error::Code::kCorrupt) {
    attached = store->SalvageAndAttach();
  }
  if (!attached && attached.error().code == Error::Code::kFatal) return attached.error();
  if (!attached) {
    spdlog::error("outbox: can't be opened: {}. Going on in memory, trying again",
                  attached.error().message);
  } else if (const auto& salvaged = store->salvaged_) {
    spdlog::error("outbox: the database was damaged; it is kept as {}, what was readable goes on",
                  salvaged->aside);
  }
  return store;
}

Result<void> SqliteStore::Attach() {
  if (auto finished = FinishSalvage(path_); !finished) return finished;
  asides_removed_ += TrimAsides(path_, quota_);
  std::error_code unknown;
  if (std::filesystem::is_directory(path_, unknown)) {
    return Error{Error::Code::kCorrupt, path_ + ": is a directory"};
  }
  if (::access(path_.c_str(), R_OK | W_OK) != 0 && errno == EACCES) {
    return Error{Error::Code::kFatal, path_ +
                                          ": belongs to somebody else. Give it to the agent's "
                                          "user, or set another outbox.directory"};
  }
  auto database = OpenOutboxDatabase(path_, quota_);
  if (!database) return database.error();
  auto statements = SqliteStatements::Prepare(*database);
  if (!statements) return statements.error();
  database_.emplace(std::move(*database));
  statements_ = std::move(*statements);
  Measure();
  auto read = ReadBooks();
  if (!read) Detach();
  return read;
}

void SqliteStore::Detach() {
  statements_.reset();
  if (database_) {
    journal_before_ += open().meter().journal();
    database_before_ += open().meter().database();
  }
  database_.reset();
}

Result<void> SqliteStore::ReadBooks() {
  Books books;
  if (const auto text = Meta(kTotalsKey)) {
    books = BooksFrom(*text);
  } else {
    for (const Lane lane : kLanes) {
      const auto counted = CountRows(open(), lane);
      if (!counted) return counted.error();
      books.totals.at(static_cast<std::size_t>(lane)) = *counted;
    }
  }
  const auto greatest = open().QueryInteger("SELECT max(id) FROM batch");
  if (!greatest) return greatest.error();
  books.last_row = std::max({books.last_row, *greatest, books_ ? books_->last_row : 0});
  auto salvaged = UnbookedSalvage(open());
  if (!salvaged) return salvaged.error();
  salvaged_ = std::move(*salvaged);
  salvage_unbooked_ = salvaged_.has_value();
  books_ = books;
  return {};
}

Result<std::vector<RowId>> SqliteStore::Commit(const Transaction& transaction) {
  if (!database_ || !books_) return Closed();
  std::vector<RowId> rows;
  Books books{.totals = transaction.totals, .last_row = books_->last_row};
  if (auto done = statements_->begin.Run(); !done) return done.error();
  auto written = Write(transaction, rows, books.last_row);
  if (written) written = SetMeta(kTotalsKey, ToText(books));
  if (written) written = statements_->commit.Run();
  if (!written) {
    // SQLite may have rolled back by itself; then this one has nothing to do.
    (void)statements_->rollback.Run();
    return IsDiskFull(written.error(), path_) ? Error{Error::Code::kRetry, written.error().message}
                                              : written.error();
  }
  if (transaction.salvage_booked) salvage_unbooked_ = false;
  asides_removed_ = 0;
  books_ = books;
  Measure();
  GiveSpaceBack();
  return rows;
}

Result<void> SqliteStore::SetMeta(std::string_view key, std::string_view value) {
  return statements_->set_meta.Bind(1, key).Bind(2, value).Run();
}

Result<void> SqliteStore::Write(const Transaction& transaction, std::vector<RowId>& rows,
                                RowId& last_row) {
  for (const auto& [first, last] : transaction.erase) {
    if (auto done = statements_->erase.Bind(1, first).Bind(2, last).Run(); !done) return done;
  }
  for (const auto& [batch, id] : transaction.insert) {
    rows.push_back(id == 0 ? ++last_row : id);
    BindRow(statements_->insert, rows.back(), *batch);
    if (auto done = statements_->insert.Run(); !done) return done;
  }
  if (auto done = PutAside(transaction.quarantine); !done) return done;
  for (const auto& [key, value] : transaction.meta) {
    if (auto done = SetMeta(key, value); !done) return done;
  }
  auto counters = transaction.counters;
  if (asides_removed_ > 0) counters.emplace_back(kAsidesRemovedKey, asides_removed_);
  for (const auto& [key, growth] : counters) {
    auto done = statements_->add_counter.Bind(1, std::string_view(key))
                    .Bind(2, static_cast<std::int64_t>(growth))
                    .Run();
    if (!done) return done;
  }
  if (salvage_unbooked_ && transaction.salvage_booked) return BookSalvage(open());
  return {};
}

Result<void> SqliteStore::PutAside(const std::vector<Quarantine>& quarantine) {
  if (quarantine.empty()) return {};
  // Rare, so it is prepared when it is needed.
  auto insert = open().Prepare("INSERT INTO quarantine(" + std::string(kRowColumns) +
                               ", reason) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
  if (!insert) return insert.error();
  for (const auto& [batch, reason] : quarantine) {
    BindRow(*insert, 0, *batch);
    if (auto done = insert->Bind(10, std::string_view(reason)).Run(); !done) return done;
  }
  return open().Execute("DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - " +
                        std::to_string(kMaxQuarantined));
}

Result<std::vector<Store::Row>> SqliteStore::Load(Lane lane, RowId after, std::size_t max_rows,
                                                  Bytes max_bytes) {
  if (!database_) return Closed();
  SqliteStatement& select =
      lane == Lane::kTelemetry ? statements_->load_telemetry : statements_->load_urgent;
  select.Bind(1, static_cast<std::int64_t>(lane))
      .Bind(2, after)
      .Bind(3, static_cast<std::int64_t>(max_rows) + 1);
  std::vector<Row> rows;
  Bytes bytes;
  for (;;) {
    const auto more = select.Step();
    if (!more) {
      select.Reset();
      return more.error();
    }
    if (!*more) break;
    if (select.Integer(0) <= after) {
      select.Reset();
      return Error{Error::Code::kCorrupt, path_ + ": rows are out of order"};
    }
    // The one behind the last was looked at for its order alone: a damaged id may be the last.
    if (rows.size() == max_rows || bytes >= max_bytes) break;
    rows.push_back(ReadRow(select));
    after = rows.back().id;
    bytes += {rows.back().batch.body.size()};
  }
  select.Reset();
  return rows;
}

Result<LaneTotals> SqliteStore::Count(Lane lane, RowId after, RowId before) {
  if (!database_) return Closed();
  return CountRows(*database_, lane, after, before);
}

Result<void> SqliteStore::SalvageAndAttach() {
  Detach();
  auto done = SalvageDatabase(path_, books_);
  // Once the copy is complete Attach() puts it in place.
  std::error_code unknown;
  damaged_ = !done && !std::filesystem::exists(path_ + ".salvaged", unknown);
  if (!done) return done;
  return Attach();
}

Result<Store::SalvageReport> SqliteStore::Salvage() {
  // One that was never opened may be sound: the disk was full, or read-only.
  Result<void> done = database_ || damaged_ ? Error{Error::Code::kCorrupt, {}} : Attach();
  if (!done && done.error().code == Error::Code::kCorrupt) done = SalvageAndAttach();
  if (!done) return done.error();
  return salvaged_.value_or(SalvageReport{.aside = {}, .lost = {}});
}

Error SqliteStore::Closed() const {
  return {Error::Code::kCorrupt, path_ + ": is not open; it is salvaged, or opened late"};
}

std::optional<std::string> SqliteStore::Meta(const std::string& key) const {
  if (!database_) return std::nullopt;
  SqliteStatement& get = statements_->get_meta;
  const auto row = get.Bind(1, std::string_view(key)).Step();
  std::optional<std::string> value;
  if (row && *row) value = get.Bytes(0);
  get.Reset();
  return value;
}

void SqliteStore::GiveSpaceBack() {
  for (const LaneTotals& lane : totals()) {
    if (lane.batches > 0) return;
  }
  if (free_ <= kFreeKept || free_ <= size_.used || size_.used > kMaxCopied) return;
  // The next commit tries again if this one fails; nothing depends on it. The checkpoint cuts the
  // file, and what was freed since the last one is not written to it any more.
  (void)open().Execute("PRAGMA auto_vacuum=NONE; VACUUM; PRAGMA wal_checkpoint");
  Measure();
}

void SqliteStore::Measure() {
  const auto read = [](SqliteStatement& pragma) -> std::uint64_t {
    const auto row = pragma.Step();
    const std::int64_t value = row && *row ? pragma.Integer(0) : 0;
    pragma.Reset();
    return static_cast<std::uint64_t>(value);
  };
  const std::uint64_t pages = read(statements_->page_count);
  const std::uint64_t free_pages = read(statements_->free_pages);
  // A damaged header may say anything: a size that can't be is none.
  if (free_pages < pages) {
    free_ = {free_pages * kPage};
    size_.used = {(pages - free_pages) * kPage};
  }
  size_.journal = journal_before_ + open().meter().journal();
  size_.written = size_.journal + database_before_ + open().meter().database();
}

}  // namespace fleet_edge::uplink
