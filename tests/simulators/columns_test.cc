#include "simulators/columns.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

namespace fleet_edge::simulators {
namespace {

TEST_CASE("Columns: they are found by name, comments are left out") {
  const auto columns =
      ReadColumns("# from somewhere\na,b,c\r\n1,2,3\r\n# more\n4,5,6\n", {"c", "a"});
  REQUIRE(columns.size() == 2);
  CHECK(columns[0] == std::vector<double>{3, 6});
  CHECK(columns[1] == std::vector<double>{1, 4});
}

TEST_CASE("Columns: a column or cell that is missing, and text, are refused") {
  CHECK_THROWS_AS(ReadColumns("a,b\n1,2\n", {"c"}), std::invalid_argument);
  CHECK_THROWS_AS(ReadColumns("a,b\n1\n", {"b"}), std::invalid_argument);
  CHECK_THROWS_AS(ReadColumns("a,b\n1,x\n", {"b"}), std::invalid_argument);
  CHECK_THROWS_AS(ReadColumns("", {"a"}), std::invalid_argument);
}

}  // namespace
}  // namespace fleet_edge::simulators
