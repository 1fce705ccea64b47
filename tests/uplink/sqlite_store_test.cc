// The store on the real SQLite, in a folder of its own.
#include "uplink/sqlite_store.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "tests/uplink/sqlite_world.h"
#include "uplink/batch.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_schema.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

TEST_CASE_FIXTURE(Folder, "SqliteStore: what is committed is there after a reopen, byte for byte") {
  const std::vector<Batch> batches{Make(1), Make(1, Lane::kAlert),
                                   Make(2, Lane::kTelemetry, 70'000), Make(3, Lane::kTelemetry, 0)};
  Totals totals;
  {
    const auto store = Open();
    const auto ids = Insert(*store, batches);
    REQUIRE(ids);
    CHECK(*ids == std::vector<RowId>{1, 2, 3, 4});
    REQUIRE(store->Commit(
        {.meta = {{"key", "value"}}, .counters = {{"count", 3}}, .totals = store->totals()}));
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
    REQUIRE(store->Commit({.erase = Runs(*ids), .totals = {}}));
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
  auto database = OpenOutboxDatabase(this->database(), MiB(64));
  REQUIRE(database);
  CHECK(*database->Query("PRAGMA journal_mode") == "wal");
  CHECK(*database->Query("PRAGMA locking_mode") == "exclusive");
  CHECK(*database->Query("PRAGMA synchronous") == "2");
  CHECK(*database->Query("PRAGMA secure_delete") == "0");
  CHECK(*database->Query("PRAGMA page_size") == "4096");
  CHECK(*database->Query("PRAGMA auto_vacuum") == "0");
  CHECK(*database->Query("PRAGMA journal_size_limit") == "4194304");
  CHECK(*database->Query("PRAGMA wal_autocheckpoint") == "1000");
  CHECK(*database->Query("PRAGMA max_page_count") == std::to_string(MiB(64).count / 4'096));
  CHECK(*database->Query("SELECT value FROM meta WHERE key='schema'") == "2");
}

TEST_CASE_FIXTURE(Folder,
                  "SqliteStore: opening writes nothing, so that it can be done on a full disk") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
  }
  const auto content = [&] {
    std::ifstream file(this->database(), std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string before = content();
  const auto store = Open();
  CHECK(store->size().written == Bytes{0});
  CHECK(Seqs(*store).size() == 3);
  CHECK(fs::file_size(this->database() + "-wal") == 0);
  CHECK_FALSE(fs::exists(this->database() + "-shm"));
  CHECK(content() == before);
}

TEST_CASE_FIXTURE(
    Folder,
    "SqliteStore: beyond the quota it is full, nothing is changed, and deleting still works") {
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
  REQUIRE(store->Commit({.erase = Runs(all), .totals = {}}));
  CHECK(Insert(*store, Some(10, 1'000)));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a queue that is empty gives its space back") {
  const auto store = Open();
  const auto ids = Insert(*store, Some(100, 60'000));
  REQUIRE(ids);
  REQUIRE(store->size().used > MiB(5));
  REQUIRE(store->Commit({.erase = Runs(*ids), .totals = {}}));
  CHECK(store->size().used < KiB(64));
  CHECK(Bytes{fs::file_size(this->database())} < KiB(64));
  CHECK(store->size().written > MiB(5));
}

/// What this process has handed to the system to be written.
std::uint64_t HandedToTheSystem() {
  std::ifstream io("/proc/self/io");
  std::string key;
  std::uint64_t value = 0;
  while (io >> key >> value) {
    if (key == "wchar:") return value;
  }
  FAIL("/proc/self/io tells nothing of wchar");
  return 0;
}

TEST_CASE_FIXTURE(
    Folder, "SqliteStore: what it says is written is what the system saw, checkpoints and all") {
  const auto store = Open();
  const Bytes before = store->size().written;
  const std::uint64_t system_before = HandedToTheSystem();
  for (int n = 0; n < 20; ++n) {
    const auto ids = Insert(*store, Some(100, 3'000));
    REQUIRE(ids);
    REQUIRE(store->Commit({.erase = Runs(*ids), .totals = {}}));
  }
  const std::uint64_t written = store->size().written.count - before.count;
  CHECK(written == HandedToTheSystem() - system_before);
  CHECK(store->size().journal < store->size().written);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: of quarantined batches the newest are kept") {
  {
    const auto store = Open();
    for (std::uint64_t n = 1; n <= 100; ++n) {
      const Batch batch = Make(n);
      REQUIRE(store->Commit({.quarantine = {{&batch, "too large"}}, .totals = {}}));
    }
    CHECK(Seqs(*store).empty());
  }
  auto database = SqliteDatabase::Open(this->database());
  REQUIRE(database);
  CHECK(*database->Query(
            "SELECT count(*) || ' ' || min(seq) || ' ' || max(reason) FROM quarantine") ==
        "64 37 too large");
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
  {
    const auto store = Open();
  }
  {
    auto database = SqliteDatabase::Open(this->database());
    REQUIRE(
        database->Execute("UPDATE meta SET value=99 WHERE key='schema'; PRAGMA user_version=99"));
  }
  const auto refused = SqliteStore::Open(path(), MiB(64));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("version 99") != std::string::npos);
  CHECK(fs::exists(this->database()));
  CHECK_FALSE(fs::exists(this->database() + ".corrupt-1"));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a version that the header does not know is damage") {
  REQUIRE(Insert(*Open(), Some(3)));
  std::string damaged;
  SUBCASE("newer") { damaged = "66"; }
  SUBCASE("less than none") { damaged = "-126"; }
  SUBCASE("none") { damaged = "0"; }
  {
    auto database = SqliteDatabase::Open(this->database());
    REQUIRE(database->Execute("UPDATE meta SET value=" + damaged + " WHERE key='schema'"));
  }
  const auto store = Open();
  REQUIRE(store->salvaged());
  CHECK(Seqs(*store) == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a directory that can't be made is refused with the mend") {
  std::ofstream(path() + "/file") << "x";
  const auto store = SqliteStore::Open(path() + "/file/below", MiB(64));
  REQUIRE_FALSE(store);
  CHECK(store.error().message.find("outbox.directory") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::uplink
