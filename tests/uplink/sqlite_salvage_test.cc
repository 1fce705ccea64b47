// Killed processes and damaged databases, on the real SQLite.
#include <doctest/doctest.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/sqlite_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/sqlite.h"
#include "uplink/sqlite_store.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {
namespace {

/// Overwrites `count` bytes from `at` on.
void Damage(const std::string& path, std::streamoff at, std::size_t count) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(at);
  file << std::string(count, '\xA5');
  REQUIRE(file.good());
}

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs `act` in a process that then ends as a killed one does; true when `act` said so.
template <typename Act>
bool InKilledProcess(Act act) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(act() ? 0 : 1);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a process killed after a commit loses nothing of it") {
  CHECK(InKilledProcess([&] {
    auto store = SqliteStore::Open(path(), MiB(64));
    return store && Insert(**store, Some(3)).has_value();
  }));
  const auto store = Open();
  CHECK_FALSE(store->salvaged());
  CHECK(Seqs(*store).size() == 3);
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a process killed in mid-transaction leaves nothing of it") {
  REQUIRE(Insert(*Open(), Some(3)));
  CHECK(InKilledProcess([&] {
    auto database = SqliteDatabase::Open(this->database());
    // A cache of one page: what is not committed is in the journal already.
    return database && database->Execute("PRAGMA cache_size=1; BEGIN").has_value() &&
           database
               ->Execute(
                   "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000)"
                   " INSERT INTO batch(lane, seq, body) SELECT 2, i, zeroblob(1000) FROM n;"
                   " DELETE FROM batch WHERE id=1")
               .has_value() &&
           fs::file_size(this->database() + "-wal") > 100'000;
  }));
  const auto store = Open();
  CHECK_FALSE(store->salvaged());
  CHECK(Seqs(*store) == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a header that tells of free pages drops nothing") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
  }
  constexpr std::streamoff kFreelistCount = 36;
  Damage(this->database(), kFreelistCount, 1);
  const auto store = Open();
  FakeHub hub;
  HandClock clock;
  Start start(*store, hub, clock);
  start.Offer(Lane::kTelemetry, 10'000);
  REQUIRE(start.outbox.CommitAll());
  CHECK(start.ledger.snapshot().dropped_total() == 0);
  CHECK(Drain(start).size() == 4);
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a flipped bit in a body is seen, and in that row alone") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
  }
  const std::string content = Contents(this->database());
  const std::size_t at = content.find(std::string(300, 'c'));
  REQUIRE(at != std::string::npos);
  Damage(this->database(), static_cast<std::streamoff>(at), 1);
  const auto store = Open();
  CHECK_FALSE(store->salvaged());
  CHECK(Seqs(*store) == std::vector<std::uint64_t>{1, 3});
}

TEST_CASE_FIXTURE(
    Folder, "SqliteStore: rubbish in the database's place is put aside, and the start succeeds") {
  SUBCASE("a text") { std::ofstream(this->database()) << std::string(10'000, 'x'); }
  SUBCASE("a directory") { fs::create_directory(this->database()); }
  const auto store = Open();
  REQUIRE(store->salvaged());
  CHECK(fs::exists(this->database() + ".corrupt-1"));
  CHECK(Insert(*store, Some(1)));
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: a flipped bit in the schema costs no row") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
    REQUIRE(store->Commit({.meta = {{"epoch", "12"}}, .totals = store->totals()}));
  }
  const std::string content = Contents(this->database());
  const auto flip = [&](const std::string& place, std::size_t letter) {
    const std::size_t at = content.rfind(place);
    REQUIRE(at != std::string::npos);
    for (unsigned bit = 0; bit < 8; ++bit) {
      CAPTURE(place);
      CAPTURE(bit);
      std::string flipped = content;
      flipped[at + letter] = static_cast<char>(flipped[at + letter] ^ (1U << bit));
      std::ofstream(this->database(), std::ios::binary) << flipped;
      const auto store = Open();
      CHECK(Seqs(*store) == std::vector<std::uint64_t>{1, 2, 3});
      CHECK(store->Meta("epoch") == "12");
      CHECK((!store->salvaged() || store->salvaged()->lost[2].batches == 0));
    }
  };
  SUBCASE("in the name of a column") { flip("seq INT, count INT, utc_us INT", 0); }
  SUBCASE("in the name of the first column") { flip("id INTEGER PRIMARY KEY, lane INT", 0); }
  SUBCASE("in the type of the first column") { flip("INTEGER PRIMARY KEY, lane INT", 6); }
  SUBCASE("in the name of the table") { flip("batch(id INTEGER", 3); }
  SUBCASE("in its name beside the statement") { flip("batchbatch", 3); }
  SUBCASE("in the statement's first word") { flip("CREATE TABLE batch", 0); }
  SUBCASE("in the name of meta") { flip("meta(key", 2); }
  SUBCASE("in its name beside the statement") { flip("metameta", 2); }
  SUBCASE("in its columns") { flip("key TEXT PRIMARY KEY, value", 0); }
  SUBCASE("in its last word") { flip("WITHOUT ROWID", 0); }
  SUBCASE("in the index") { flip("INDEX urgent ON batch", 18); }
}

TEST_CASE_FIXTURE(Folder, "SqliteStore: an empty file is an empty database") {
  {
    const std::ofstream made(this->database());
  }
  CHECK(Seqs(*Open()).empty());
}

TEST_CASE_FIXTURE(
    Folder,
    "SqliteStore: what a damaged database still tells is salvaged row by row under its id") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(200, 1'000)));
    REQUIRE(store->Commit({.meta = {{"epoch", "12"}}, .totals = store->totals()}));
  }
  // Some pages in the middle, where rows are.
  constexpr std::size_t kPage = 4'096;
  Damage(this->database(), 20 * kPage, 2 * kPage);
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
  CHECK(store->totals().at(at).batches == seqs.size());
  CHECK(report->lost.at(at).batches == 200 - seqs.size());
  CHECK(store->Meta("epoch") == "12");
  const auto ids = Insert(*store, {Make(201)});
  REQUIRE(ids);
  CHECK(ids->front() > 200);
}

TEST_CASE_FIXTURE(Folder,
                  "SqliteStore: a salvage that a power cut has left is ended by the next start") {
  const auto journal = this->database() + "-wal";
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(3)));
  }
  SUBCASE("whose copy was not complete: the database is as it was") {
    std::ofstream(this->database() + ".salvage") << "half a copy";
    CHECK(Seqs(*Open()).size() == 3);
    CHECK_FALSE(fs::exists(this->database() + ".salvage"));
    CHECK_FALSE(fs::exists(this->database() + ".corrupt-1"));
  }
  SUBCASE("whose copy was complete") {
    fs::rename(this->database(), this->database() + ".salvaged");
    SUBCASE("and nothing had moved") {
      std::ofstream(this->database()) << "damaged";
      std::ofstream(journal) << "its journal";
      CHECK(Seqs(*Open()).size() == 3);
      CHECK(fs::exists(this->database() + ".corrupt-1-wal"));
    }
    SUBCASE("and the journal had moved") {
      std::ofstream(this->database()) << "damaged";
      std::ofstream(this->database() + ".corrupt-1-wal") << "its journal";
      CHECK(Seqs(*Open()).size() == 3);
      CHECK_FALSE(fs::exists(this->database() + ".corrupt-2"));
    }
    SUBCASE("and all had moved") {
      std::ofstream(this->database() + ".corrupt-1") << "damaged";
      CHECK(Seqs(*Open()).size() == 3);
    }
    CHECK(fs::exists(this->database() + ".corrupt-1"));
    CHECK_FALSE(fs::exists(this->database() + ".salvaged"));
  }
}

/// A batch that the hub refuses for good.
void OfferPoison(Start& start) {
  const Batch poison = start.Offer();
  start.outbox.Lease(kAll);
  start.outbox.Quarantine(poison.id, "too large");
}

TEST_CASE_FIXTURE(
    Folder,
    "SqliteStore: a salvage that can't end yet opens late, and tells the gaps of before too") {
  FakeHub hub;
  HandClock clock;
  std::uint64_t earlier = 0;
  {
    const auto store = Open();
    Start start(*store, hub, clock);
    earlier = start.epoch;
    start.Offer();
    OfferPoison(start);
    clock.Advance(std::chrono::seconds{2});
    REQUIRE(start.outbox.CommitDue(clock.Boot()));
  }
  fs::rename(this->database(), this->database() + ".salvaged");
  std::ofstream(this->database()) << "damaged";
  std::ofstream(this->database() + "-wal") << "its journal";
  const std::string in_the_way = this->database() + ".corrupt-1-wal";
  fs::create_directory(in_the_way);

  clock.Advance(std::chrono::hours{1});
  const auto store = Open();
  CHECK(store->Load(Lane::kTelemetry, 0, 1, MiB(1)).error().code == Error::Code::kCorrupt);
  Start start(*store, hub, clock);
  OfferPoison(start);
  clock.Advance(std::chrono::seconds{2});
  CHECK(start.outbox.CommitDue(clock.Boot()).error().code == Error::Code::kRetry);
  CHECK(Contents(this->database()) == "damaged");

  fs::remove(in_the_way);
  clock.Advance(std::chrono::seconds{2});
  REQUIRE(start.outbox.CommitDue(clock.Boot()));
  CHECK(Contents(this->database() + ".corrupt-1") == "damaged");
  CHECK(Contents(in_the_way) == "its journal");
  CHECK(Drain(start).size() == 1);
  const auto gaps = AnnouncedGaps(start);
  REQUIRE(gaps.size() == 2);
  CHECK(std::set{gaps[0].epoch(), gaps[1].epoch()} == std::set{earlier, start.epoch});
  CHECK(start.BooksAreRight());
}

TEST_CASE_FIXTURE(
    Folder, "SqliteStore: what a salvage lost is told at every start until it has been booked") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(200, 1'000)));
  }
  constexpr std::size_t kPage = 4'096;
  Damage(this->database(), 20 * kPage, kPage);
  constexpr auto kAt = static_cast<std::size_t>(Lane::kTelemetry);
  std::uint64_t lost = 0;
  {
    const auto store = Open();
    const auto report = store->Salvage();
    REQUIRE(report);
    lost = report->lost.at(kAt).records;
    CHECK(lost > 0);
    REQUIRE(store->Commit({.meta = {{"epoch", "12"}}, .totals = store->totals()}));
  }
  {
    const auto store = Open();
    REQUIRE(store->salvaged());
    CHECK(store->salvaged()->lost.at(kAt).records == lost);
    CHECK(store->salvaged()->aside == this->database() + ".corrupt-1");
    REQUIRE(store->Commit({.counters = {{"dropped.telemetry.corrupt", lost}},
                           .totals = store->totals(),
                           .salvage_booked = true}));
  }
  CHECK_FALSE(Open()->salvaged());
}

TEST_CASE_FIXTURE(Folder,
                  "SqliteStore: after a salvage ids go on above those that were given out") {
  const auto store = Open();
  const auto ids = Insert(*store, Some(5));
  REQUIRE(ids);
  REQUIRE(store->Commit({.erase = Runs(*ids), .totals = {}}));
  REQUIRE(store->Salvage());
  const auto next = Insert(*store, Some(1));
  REQUIRE(next);
  CHECK(next->front() == 6);
}

}  // namespace
}  // namespace fleet_edge::uplink
