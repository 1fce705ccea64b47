#include "uplink/sqlite_aside.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "tests/uplink/sqlite_world.h"

namespace fleet_edge::uplink {
namespace {

constexpr std::size_t kKiB = 1'024;

struct Asides : Folder {
  std::string Name(int number) const { return database() + ".corrupt-" + std::to_string(number); }

  void Make(int number, std::size_t size, std::size_t journal = 0) const {
    std::ofstream(Name(number), std::ios::binary) << std::string(size, 'x');
    if (journal > 0) std::ofstream(Name(number) + "-wal") << std::string(journal, 'x');
  }

  std::vector<int> Left() const {
    std::vector<int> left;
    for (int number = 1; number <= 12; ++number) {
      if (fs::exists(Name(number))) left.push_back(number);
    }
    return left;
  }
};

TEST_CASE_FIXTURE(Asides, "Asides: the next name is above all that are there") {
  CHECK(NextAside(database()) == Name(1));
  Make(2, 1);
  Make(10, 1);
  std::ofstream(Name(11) + "-wal") << "its database has not moved yet";
  std::ofstream(database() + ".corrupt-99.mine") << "somebody's";
  CHECK(NextAside(database()) == Name(11));
}

TEST_CASE_FIXTURE(Asides, "Asides: what fits is kept") {
  for (int number = 1; number <= 4; ++number) Make(number, 16 * kKiB);
  CHECK(TrimAsides(database(), KiB(128)) == 0);
  CHECK(Left() == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE_FIXTURE(Asides, "Asides: beyond half of the quota the first and the newest are kept") {
  for (int number = 1; number <= 10; ++number) Make(number, 10 * kKiB, 6 * kKiB);
  CHECK(TrimAsides(database(), KiB(128)) == 6);
  CHECK(Left() == std::vector<int>{1, 8, 9, 10});
  CHECK_FALSE(fs::exists(Name(2) + "-wal"));
  CHECK(fs::exists(Name(8) + "-wal"));
}

TEST_CASE_FIXTURE(Asides, "Asides: the newest is kept whatever its size") {
  Make(1, 16 * kKiB);
  Make(2, 200 * kKiB);
  CHECK(TrimAsides(database(), KiB(128)) == 1);
  CHECK(Left() == std::vector<int>{2});
}

TEST_CASE_FIXTURE(Asides, "Asides: a directory stays") {
  fs::create_directory(Name(1));
  Make(2, 200 * kKiB);
  Make(3, 200 * kKiB);
  CHECK(TrimAsides(database(), KiB(128)) == 1);
  CHECK(Left() == std::vector<int>{1, 3});
}

TEST_CASE_FIXTURE(Asides, "Asides: those that go are counted in the database") {
  for (int number = 1; number <= 4; ++number) Make(number, 16 * kKiB);
  for (const char* const counted : {"2", "2"}) {
    const auto store = Open(KiB(64));
    REQUIRE(store->Commit({.meta = {{"epoch", "12"}}, .totals = store->totals()}));
    CHECK(store->Meta("asides_removed") == counted);
  }
}

}  // namespace
}  // namespace fleet_edge::uplink
