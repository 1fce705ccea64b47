// Databases that older programs have left.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "core/clock.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/sqlite_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_rows.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

/// As the first schema was made, with the batches 1 to 3 in rows 1, 4 and 9; row 10 was erased.
void MakeFirst(const std::string& path) {
  auto database = SqliteDatabase::Open(path);
  REQUIRE(database);
  REQUIRE(database->Execute(
      "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;"
      "CREATE TABLE batch(id INTEGER PRIMARY KEY AUTOINCREMENT, lane INT, epoch INT, seq INT,"
      " count INT, utc_us INT, boot_us INT, crc INT, body BLOB);"
      "CREATE INDEX urgent ON batch(lane) WHERE lane < 2;"
      "CREATE TABLE quarantine(id INTEGER PRIMARY KEY, lane INT, epoch INT, seq INT, count INT,"
      " utc_us INT, boot_us INT, crc INT, body BLOB, reason TEXT);"
      "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
      "INSERT INTO meta VALUES('schema',1),('totals','0 0 0 0 0 0 3 15 900 '),('epoch','7')"));
  auto insert = database->Prepare("INSERT INTO batch VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  REQUIRE(insert);
  std::uint64_t seq = 0;
  for (const RowId row : {1, 4, 9, 10}) {
    const Batch batch = Make(++seq);
    BindRow(*insert, row, batch);
    REQUIRE(insert->Run());
  }
  REQUIRE(database->Execute("DELETE FROM batch WHERE id=10"));
}

/// As packaging/debian/fleet-edge.preinst reads it: byte 60 of the file, the highest byte first.
int SchemaInHeader(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(60);
  int schema = 0;
  for (int n = 0; n < 4; ++n) schema = schema * 256 + file.get();
  REQUIRE(file);
  return schema;
}

TEST_CASE_FIXTURE(Folder,
                  "SqliteStore: the header of a new database has its schema while it is open") {
  const auto store = Open();
  CHECK(SchemaInHeader(database()) == 2);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: so has one that was just brought to it") {
  MakeFirst(database());
  REQUIRE(SchemaInHeader(database()) == 0);
  const auto store = Open();
  CHECK(SchemaInHeader(database()) == 2);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a database of the first schema goes on, and is drained") {
  MakeFirst(database());
  {
    const auto store = Open();
    CHECK_FALSE(store->salvaged());
    CHECK(store->totals()[2] == LaneTotals{.batches = 3, .records = 15, .bytes = 900});
    FakeHub hub;
    HandClock clock;
    Start start(*store, hub, clock);
    const Batch next = start.Offer();
    REQUIRE(start.outbox.CommitAll());
    const auto page = start.outbox.Look(Lane::kTelemetry, 9);
    REQUIRE(page);
    REQUIRE(page->rows.size() == 1);
    CHECK(page->rows[0].id == 11);  // 10 was given out
    CHECK(Drain(start) == std::vector<BatchId>{Make(1).id, Make(2).id, Make(3).id, next.id});
    REQUIRE(start.outbox.CommitAll());
    CHECK(store->totals()[2] == LaneTotals{});
    CHECK(start.BooksAreRight());
  }
  auto database = SqliteDatabase::Open(this->database());
  REQUIRE(database);
  CHECK(*database->Query("PRAGMA integrity_check") == "ok");
  CHECK(*database->Query("PRAGMA user_version") == "2");
  CHECK(*database->Query("SELECT count(*) FROM batch") == "0");
  CHECK(*database->Query("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%AUTOINC%'") == "0");
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a damaged database of the first schema is salvaged") {
  MakeFirst(database());
  {
    auto database = SqliteDatabase::Open(this->database());
    REQUIRE(database);
    REQUIRE(database->Execute("UPDATE meta SET value=65 WHERE key='schema'"));
  }
  const auto store = Open();
  REQUIRE(store->salvaged());
  CHECK(Seqs(*store) == std::vector<std::uint64_t>{1, 2, 3});
}

}  // namespace
}  // namespace fleet_edge::uplink
