#include "uplink/outbox_reader.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "tests/uplink/sqlite_world.h"
#include "uplink/batch.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_store.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The sequence numbers of sound rows.
std::vector<std::uint64_t> SoundSeqs(OutboxReader& reader) {
  std::vector<std::uint64_t> seqs;
  Store::Row row;
  while (*reader.Next(row)) {
    if (row.intact) seqs.push_back(row.batch.id.seq);
  }
  return seqs;
}

TEST_CASE_FIXTURE(Folder, "OutboxReader: it has what was committed, and the books") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
    REQUIRE(
        store->Commit({.counters = {{"dropped.telemetry.quota", 7}}, .totals = store->totals()}));
  }
  auto reader = OutboxReader::Open(path());
  REQUIRE(reader);
  CHECK(SoundSeqs(**reader) == std::vector<std::uint64_t>{1, 2, 3});
  REQUIRE((*reader)->books());
  CHECK((*reader)->books()->back() == LaneTotals{.batches = 3, .records = 15, .bytes = 900});
  CHECK((*reader)->dropped().at("telemetry.quota") == 7);
  CHECK((*reader)->oldest() == UtcTime{Duration{1'700'000'000'000'001}});
  CHECK((*reader)->size() > Bytes{});
  CHECK((*reader)->holes() == 0);
}

TEST_CASE_FIXTURE(Folder, "OutboxReader: a killed agent's journal is read and left as it is") {
  const auto child = ::fork();
  if (child == 0) {
    auto store = SqliteStore::Open(path(), MiB(64));
    ::_exit(store && Insert(**store, Some(3)) ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  const std::string before = Contents(database());
  const std::string journal = Contents(database() + "-wal");
  REQUIRE_FALSE(journal.empty());
  {
    auto reader = OutboxReader::Open(path());
    REQUIRE(reader);
    CHECK(SoundSeqs(**reader).size() == 3);
  }
  CHECK(Contents(database()) == before);
  CHECK(Contents(database() + "-wal") == journal);
  CHECK(Seqs(*Open()).size() == 3);
}

TEST_CASE_FIXTURE(Folder,
                  "OutboxReader: a row that was changed comes as not intact, the others go on") {
  REQUIRE(Insert(*Open(), Some(3)));
  {
    auto changed = SqliteDatabase::Open(database());
    REQUIRE(changed);
    REQUIRE(changed->Execute("UPDATE batch SET body='x' WHERE seq=2"));
  }
  auto reader = OutboxReader::Open(path());
  REQUIRE(reader);
  CHECK(SoundSeqs(**reader) == std::vector<std::uint64_t>{1, 3});
}

TEST_CASE_FIXTURE(Folder, "OutboxReader: it names why it can't read") {
  const auto nothing = OutboxReader::Open(path());
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().message.find("no outbox here") != std::string::npos);
  CHECK(std::filesystem::is_empty(path()));

  const auto store = Open();
  const auto held = OutboxReader::Open(path());
  REQUIRE_FALSE(held);
  CHECK(held.error().message.find("pid " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE_FIXTURE(Folder,
                  "OutboxReader: a database of a newer program is refused, rubbish is damage") {
  {
    const auto store = Open();
  }
  {
    auto changed = SqliteDatabase::Open(database());
    REQUIRE(
        changed->Execute("UPDATE meta SET value=99 WHERE key='schema'; PRAGMA user_version=99"));
  }
  const auto newer = OutboxReader::Open(path());
  REQUIRE_FALSE(newer);
  CHECK(newer.error().message.find("version 99") != std::string::npos);
  std::ofstream(database()) << std::string(5000, 'x');
  const auto rubbish = OutboxReader::Open(path());
  REQUIRE_FALSE(rubbish);
  CHECK(rubbish.error().code == Error::Code::kCorrupt);
}

}  // namespace
}  // namespace fleet_edge::uplink
