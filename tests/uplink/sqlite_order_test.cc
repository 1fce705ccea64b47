// Rows whose ids are out of order, on the real SQLite.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/outbox_world.h"
#include "tests/uplink/sqlite_world.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"

namespace fleet_edge::uplink {

TEST_CASE_FIXTURE(
    Folder, "SqliteStore: a flipped bit in a row's id costs no row, wherever a page of rows ends") {
  {
    const auto store = Open();
    REQUIRE(Insert(*store, Some(20)));
  }
  std::ifstream in(this->database(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  // A row begins with its length, two bytes of which the first is 0x82, and its id. The root was a
  // leaf before it had children: what it still holds of the rows is old.
  std::size_t id = content.rfind(std::string(300, 'a' + 6));
  REQUIRE(id != std::string::npos);
  while (content.at(id) != 6 || content.at(id - 2) != '\x82') --id;
  for (const char wrong : {'\x0E', '\x02'}) {  // 6 with one bit more, or less
    for (std::uint64_t memory = 4; memory <= 256; memory *= 2) {
      CAPTURE(int{wrong});
      CAPTURE(memory);
      std::string damaged = content;
      damaged.at(id) = wrong;
      std::ofstream(this->database(), std::ios::binary) << damaged;
      const auto store = Open();
      FakeHub hub;
      HandClock clock;
      Outbox::Limits limits;
      limits.memory = KiB(memory);
      Start start(*store, hub, clock, limits);
      std::vector<BatchId> ids = Drain(start);
      std::ranges::copy(Drain(start), std::back_inserter(ids));  // the turn after the salvage
      std::ranges::sort(ids);
      CHECK(ids.size() == 20);
      CHECK(std::ranges::adjacent_find(ids) == ids.end());
      CHECK(start.ledger.snapshot().dropped_total() == 0);
      CHECK(start.BooksAreRight());
    }
  }
}

}  // namespace fleet_edge::uplink
