#include "uplink/row_set.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <vector>

#include "uplink/store.h"

namespace fleet_edge::uplink {

TEST_CASE("RowSet: what is inserted in order, or back to front, is one run") {
  RowSet rows;
  for (RowId row = 1; row <= 1000; ++row) rows.Insert(row);
  for (RowId row = 2000; row > 1500; --row) rows.Insert(row);
  CHECK(rows.size() == 2);
  CHECK(rows.Runs() == std::vector<RowRun>{{1, 1000}, {1501, 2000}});
}

TEST_CASE("RowSet: it holds what a set holds, whatever the order") {
  std::mt19937 random(1);
  RowSet rows;
  std::set<RowId> expected;
  for (int n = 0; n < 2'000; ++n) {
    const RowId row = 1 + static_cast<RowId>(random() % 3'000);
    rows.Insert(row);
    expected.insert(row);
  }
  for (RowId row = 0; row <= 3'001; ++row) CHECK(rows.Contains(row) == expected.contains(row));
  RowId before = -1;
  for (const RowRun& run : rows.Runs()) {
    CHECK(before + 1 < run.first);  // else the two would be one
    CHECK(run.first <= run.last);
    before = run.last;
  }
  rows.clear();
  CHECK(rows.empty());
  CHECK_FALSE(rows.Contains(1));
}

}  // namespace fleet_edge::uplink
