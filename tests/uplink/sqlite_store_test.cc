// The store on the real SQLite, in a folder of its own.
#include "uplink/sqlite_store.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/sqlite.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

namespace fs = std::filesystem;

constexpr RowId kNoLimit = 1'000'000'000;

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "outbox-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    spdlog::set_level(spdlog::level::off);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  std::string path() const { return path_.string(); }
  std::string database() const { return (path_ / "outbox.db").string(); }

  std::unique_ptr<SqliteStore> Open(Bytes quota = MiB(64)) const {
    auto store = SqliteStore::Open(path(), quota);
    REQUIRE_MESSAGE(store, (store ? "" : store.error().message));
    return std::move(*store);
  }

 private:
  fs::path path_;
};

Batch Make(std::uint64_t seq, Lane lane = Lane::kTelemetry, std::size_t size = 300) {
  return {.id = {lane, 7, seq},
          .count = 5,
          .time = UtcTime{Duration{1'700'000'000'000'000 + static_cast<std::int64_t>(seq)}},
          .accepted = BootTime{Duration{42}},
          .body = std::string(size, static_cast<char>('a' + seq % 26))};
}

/// Commits batches and keeps the books as the outbox does.
Result<std::vector<RowId>> Insert(Store& store, const std::vector<Batch>& batches) {
  Store::Transaction transaction;
  transaction.totals = store.totals();
  for (const Batch& batch : batches) {
    transaction.insert.push_back({&batch});
    LaneTotals& totals = transaction.totals.at(static_cast<std::size_t>(batch.id.lane));
    ++totals.batches;
    totals.records += batch.count;
    totals.bytes += batch.body.size();
  }
  return store.Commit(transaction);
}

std::vector<Batch> Some(int count, std::size_t size = 300) {
  std::vector<Batch> batches;
  for (int n = 1; n <= count; ++n) {
    batches.push_back(Make(static_cast<std::uint64_t>(n), Lane::kTelemetry, size));
  }
  return batches;
}

std::vector<std::uint64_t> Seqs(Store& store, Lane lane = Lane::kTelemetry) {
  const auto rows = store.Load(lane, 0, 1'000'000, MiB(1'000));
  REQUIRE(rows);
  std::vector<std::uint64_t> seqs;
  for (const Store::Row& row : *rows) {
    if (row.intact) seqs.push_back(row.batch.id.seq);
  }
  return seqs;
}

/// Overwrites `count` bytes from `at` on.
void Damage(const std::string& path, std::streamoff at, std::size_t count) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file << std::string(count, '\xA5');
  REQUIRE(file.good());
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: what is committed is there after a reopen, byte for byte") {
  const std::vector<Batch> batches{Make(1), Make(1, Lane::kAlert), Make(2, Lane::kTelemetry, 70'000),
                                   Make(3, Lane::kTelemetry, 0)};
  Totals totals;
  {
    const auto store = Open();
    const auto ids = Insert(*store, batches);
    REQUIRE(ids);
    CHECK(*ids == std::vector<RowId>{1, 2, 3, 4});
    REQUIRE(store->Commit({.meta = {{"key", "value"}},
                           .counters = {{"count", 3}},
                           .totals = store->totals()}));
    REQUIRE(store->Commit({.counters = {{"count", 4}}, .totals = store->totals()}));
    totals = store->totals();
  }
  const auto store = Open();
  CHECK(store->totals() == totals);
  CHECK(store->Meta("key") == "value");
  CHECK(store->Meta("count") == "7");
  CHECK(store->Meta("other") == std::nullopt);
  CHECK_FALSE(store->salvaged());
  const auto rows = store->Load(Lane::kTelemetry, 0, 100, MiB(1));
  REQUIRE(rows);
  REQUIRE(rows->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const Batch& batch = (*rows)[i].batch;
    const Batch& original = batches[i == 0 ? 0 : i + 1];
    CHECK((*rows)[i].intact);
    CHECK(batch.id == original.id);
    CHECK(batch.count == original.count);
    CHECK(batch.time == original.time);
    CHECK(batch.accepted == original.accepted);
    CHECK(batch.body == original.body);
  }
  CHECK(Seqs(*store, Lane::kAlert) == std::vector<std::uint64_t>{1});
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: an emptied table does not give its ids out again") {
  {
    const auto store = Open();
    const auto ids = Insert(*store, Some(3));
    REQUIRE(ids);
    REQUIRE(store->Commit({.erase = *ids, .totals = {}}));
  }
  const auto store = Open();
  const auto ids = Insert(*store, Some(1));
  REQUIRE(ids);
  CHECK(ids->front() == 4);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: rows are loaded in chunks, by count and by bytes") {
  const auto store = Open();
  REQUIRE(Insert(*store, Some(10)));
  CHECK(store->Load(Lane::kTelemetry, 0, 4, MiB(1))->size() == 4);
  CHECK(store->Load(Lane::kTelemetry, 8, 100, MiB(1))->size() == 2);
  CHECK(store->Load(Lane::kTelemetry, 0, 100, Bytes{700})->size() == 3);
  CHECK(store->Count(Lane::kTelemetry, 2, 5)->batches == 2);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: the pragmas are those of the design") {
  { const auto store = Open(); }
  auto database = SqliteDatabase::Open(this->database());
  REQUIRE(database);
  CHECK(*database->QueryInteger("PRAGMA page_size") == 4'096);
  CHECK(*database->QueryInteger("PRAGMA auto_vacuum") == 2);
  CHECK(*database->Query("PRAGMA journal_mode") == "wal");
  CHECK(*database->Query("SELECT value FROM meta WHERE key='schema'") == "1");
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: beyond the quota it is full, nothing is changed, and deleting still works") {
  const auto store = Open(KiB(256));
  std::vector<RowId> all;
  std::optional<Error> error;
  while (!error) {
    const auto ids = Insert(*store, Some(10, 1'000));
    if (ids) {
      all.insert(all.end(), ids->begin(), ids->end());
    } else {
      error = ids.error();
    }
  }
  CHECK(error->code == Error::Code::kFull);
  CHECK(Seqs(*store).size() == all.size());
  CHECK(store->size().used <= KiB(256));
  REQUIRE(store->Commit({.erase = all, .totals = {}}));
  CHECK(Insert(*store, Some(10, 1'000)));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a queue that is empty gives its space back") {
  const auto store = Open();
  const auto ids = Insert(*store, Some(100, 60'000));
  REQUIRE(ids);
  REQUIRE(store->size().used > MiB(5));
  REQUIRE(store->Commit({.erase = *ids, .totals = {}}));
  CHECK(store->size().used < KiB(64));
  CHECK(store->size().written > MiB(5));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: only so many quarantined batches are kept") {
  const auto store = Open();
  for (std::uint64_t n = 1; n <= 100; ++n) {
    const Batch batch = Make(n);
    REQUIRE(store->Commit({.quarantine = {{&batch, "too large"}}, .totals = {}}));
  }
  auto database = SqliteDatabase::Open(this->database());
  CHECK(Seqs(*store).empty());
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a second instance is refused with the path and the pid") {
  const auto store = Open();
  const auto second = SqliteStore::Open(path(), MiB(64));
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Error::Code::kFatal);
  CHECK(second.error().message.find(path()) != std::string::npos);
  CHECK(second.error().message.find("pid " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a schema from the future is refused and left alone") {
  { const auto store = Open(); }
  {
    auto database = SqliteDatabase::Open(this->database());
    REQUIRE(database->Execute("UPDATE meta SET value=99 WHERE key='schema'"));
  }
  const auto refused = SqliteStore::Open(path(), MiB(64));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("version 99") != std::string::npos);
  CHECK(fs::exists(this->database()));
  CHECK_FALSE(fs::exists(this->database() + ".corrupt-1"));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a killed process loses what it had not committed, and no more") {
  enum class When { kBeforeCommit, kAfterCommit };
  for (const When when : {When::kBeforeCommit, When::kAfterCommit}) {
    const auto before = [&] { return Seqs(*Open()).size(); }();
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = SqliteStore::Open(path(), MiB(64));
      bool committed = false;
      if (store && when == When::kAfterCommit) committed = Insert(**store, Some(3)).has_value();
      if (store && when == When::kBeforeCommit) {
        auto database = SqliteDatabase::Open(this->database() + "-other");
        committed = database->Execute("CREATE TABLE t(x); BEGIN; INSERT INTO t VALUES(1)").has_value();
      }
      ::_exit(committed ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(Seqs(*Open()).size() == before + (when == When::kAfterCommit ? 3 : 0));
  }
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a flipped bit in a body is seen, and in that row alone") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
  }
  std::ifstream in(this->database(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  const std::size_t at = content.find(std::string(300, 'c'));
  REQUIRE(at != std::string::npos);
  Damage(this->database(), static_cast<std::streamoff>(at), 1);
  const auto store = Open();
  CHECK_FALSE(store->salvaged());
  CHECK(Seqs(*store) == std::vector<std::uint64_t>{1, 3});
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: rubbish in the database's place is put aside, and the start succeeds") {
  SUBCASE("a text") { std::ofstream(this->database()) << std::string(10'000, 'x'); }
  SUBCASE("a directory") { fs::create_directory(this->database()); }
  const auto store = Open();
  REQUIRE(store->salvaged());
  CHECK(fs::exists(this->database() + ".corrupt-1"));
  CHECK(Insert(*store, Some(1)));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: an empty file is an empty database") {
  { const std::ofstream made(this->database()); }
  CHECK(Seqs(*Open()).empty());
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: what a damaged database still tells is salvaged row by row under its id") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(200, 1'000)));
    REQUIRE(store->Commit({.meta = {{"epoch", "12"}}, .totals = store->totals()}));
  }
  // Some pages in the middle, where rows are.
  Damage(this->database(), 20LL * 4'096, 2 * 4'096);
  const auto store = Open();
  CHECK_FALSE(store->salvaged());  // not seen before it is read
  CHECK(store->Load(Lane::kTelemetry, 0, 1'000, MiB(1)).error().code == Error::Code::kCorrupt);

  const auto report = store->Salvage();
  REQUIRE(report);
  CHECK(report->aside == this->database() + ".corrupt-1");
  const auto seqs = Seqs(*store);
  CHECK(seqs.size() > 150);
  CHECK(seqs.size() < 200);
  CHECK(seqs.front() == 1);
  CHECK(seqs.back() == 200);
  const auto at = static_cast<std::size_t>(Lane::kTelemetry);
  CHECK(report->saved.at(at).batches == seqs.size());
  CHECK(report->lost.at(at).batches == 200 - seqs.size());
  CHECK(store->Meta("epoch") == "12");
  const auto ids = Insert(*store, {Make(201)});
  REQUIRE(ids);
  CHECK(ids->front() > 200);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a directory that can't be made is refused with the mend") {
  std::ofstream(path() + "/file") << "x";
  const auto store = SqliteStore::Open(path() + "/file/below", MiB(64));
  REQUIRE_FALSE(store);
  CHECK(store.error().message.find("outbox.directory") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::uplink
