#include "simulators/ledger_file.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <string>

#include "simulators/ledger.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::simulators {
namespace {

using Mode = LedgerWriter::Mode;

std::uint64_t SeedOf(const LedgerEntry& entry) { return std::get<LedgerStart>(entry).seed; }

TEST_CASE("LedgerReader: it follows what is written, from before the file is there") {
  const TempFolder folder;
  const std::string path = folder.Path("ledger");
  LedgerReader reader(path);
  CHECK_FALSE(*reader.Next());

  LedgerWriter writer(path, Mode::kNew);
  CHECK_FALSE(*reader.Next());
  writer.Append(LedgerStart{.seed = 1});
  writer.Append(LedgerStart{.seed = 2});
  CHECK_FALSE(*reader.Next());  // not flushed
  writer.Flush();
  CHECK(SeedOf(**reader.Next()) == 1);
  CHECK(SeedOf(**reader.Next()) == 2);
  CHECK_FALSE(*reader.Next());
  writer.Append(LedgerStart{.seed = 3});
  writer.Flush();
  CHECK(SeedOf(**reader.Next()) == 3);
}

TEST_CASE("LedgerReader: half a line waits for its end") {
  const TempFolder folder;
  const std::string path = folder.Path("ledger");
  std::ofstream file(path);
  LedgerReader reader(path);
  file << R"({"start":{"at":0,"seed":5,)" << std::flush;
  CHECK_FALSE(*reader.Next());
  file << R"("alerts":[]}})" << '\n' << std::flush;
  CHECK(SeedOf(**reader.Next()) == 5);
}

TEST_CASE("LedgerReader: a damaged line is told with the file's name") {
  const TempFolder folder;
  const std::string path = folder.Path("ledger");
  std::ofstream(path) << "nonsense\n";
  const auto entry = LedgerReader(path).Next();
  REQUIRE_FALSE(entry);
  CHECK(entry.error().message.find(path) == 0);
}

TEST_CASE("LedgerWriter: run and notes share a file") {
  const TempFolder folder;
  const std::string path = folder.Path("ledger");
  LedgerWriter run(path, Mode::kNew);
  LedgerWriter notes(path, Mode::kAppend);
  run.Append(LedgerStart{.seed = 1});
  run.Flush();
  notes.Append(LedgerStart{.seed = 2});
  notes.Flush();
  run.Append(LedgerStart{.seed = 3});
  run.Flush();
  LedgerReader reader(path);
  CHECK(SeedOf(**reader.Next()) == 1);
  CHECK(SeedOf(**reader.Next()) == 2);
  CHECK(SeedOf(**reader.Next()) == 3);
}

TEST_CASE("LedgerWriter: a note needs a ledger, a ledger a folder") {
  const TempFolder folder;
  CHECK_THROWS_AS(LedgerWriter(folder.Path("ledger"), Mode::kAppend), std::runtime_error);
  CHECK_THROWS_AS(LedgerWriter(folder.Path("none/ledger"), Mode::kNew), std::runtime_error);
}

}  // namespace
}  // namespace fleet_edge::simulators
