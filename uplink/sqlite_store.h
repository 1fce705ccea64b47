#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/directory_lock.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"
#include "uplink/sqlite_salvage.h"
#include "uplink/sqlite_statements.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// The store on one SQLite database, `<directory>/outbox.db`; docs/outbox.md has the format.
class SqliteStore : public Store {
 public:
  /// Opens or makes the database, brings an older schema up to date, and salvages a damaged one.
  /// Makes the directory when it isn't there. When the disk does not let it (full, read-only, I/O)
  /// the store starts closed: Commit() says kCorrupt, and Salvage() opens it as soon as it can.
  /// Errors: kFatal (another instance holds the directory, the schema is newer than this program,
  /// the directory or the database may not be written; the message says which and what to do).
  static Result<std::unique_ptr<SqliteStore>> Open(const std::string& directory, Bytes quota);

  ~SqliteStore() override;

  Result<std::vector<RowId>> Commit(const Transaction& transaction) override;
  Result<std::vector<Row>> Load(Lane lane, RowId after, std::size_t max_rows,
                                Bytes max_bytes) override;
  Result<SalvageReport> Salvage() override;
  const std::optional<SalvageReport>& salvaged() const override { return salvaged_; }
  const Totals& totals() const override { return books_ ? books_->totals : kNothing; }
  Result<LaneTotals> Count(Lane lane, RowId after, RowId before) override;
  std::optional<std::string> Meta(const std::string& key) const override;
  Size size() const override { return size_; }

 private:
  SqliteStore(DirectoryLock lock, std::string path, Bytes quota);

  static constexpr Totals kNothing{};

  /// Opens the database, after ending a salvage that was cut off, and reads what is kept in memory.
  /// Errors as of OpenOutboxDatabase(); it is closed then.
  Result<void> Attach();
  Result<void> SalvageAndAttach();
  void Detach();
  Error Closed() const;
  Result<void> ReadBooks();
  /// Precondition: it is not closed; who calls in from outside has looked.
  SqliteDatabase& open() {
    return *database_;  // NOLINT(bugprone-unchecked-optional-access): the precondition
  }
  Result<void> SetMeta(std::string_view key, std::string_view value);
  /// New rows are numbered from `last_row` on.
  Result<void> Write(const Transaction& transaction, std::vector<RowId>& rows, RowId& last_row);
  Result<void> PutAside(const std::vector<Quarantine>& quarantine);
  void GiveSpaceBack();
  void Measure();

  const DirectoryLock lock_;
  const std::string path_;
  const Bytes quota_;
  std::optional<SqliteDatabase> database_;
  std::unique_ptr<SqliteStatements> statements_;  // of database_
  std::optional<Books> books_;  // as the last commit left them; nothing: never opened
  Size size_{};
  Bytes free_{0};  // pages of the database that hold nothing
  // Written by connections that were closed.
  Bytes journal_before_{0};
  Bytes database_before_{0};
  std::optional<SalvageReport> salvaged_;
  bool damaged_ = false;              // found so, and a salvage has failed since
  bool salvage_unbooked_ = false;     // the database still says what was lost
  std::uint64_t asides_removed_ = 0;  // since they were last counted in `meta`
};

}  // namespace fleet_edge::uplink
