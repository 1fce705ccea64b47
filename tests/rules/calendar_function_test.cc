// Functions of times. Values are Prometheus 3's.
#include <doctest/doctest.h>

#include "tests/rules/expression_world.h"
#include "tests/rules/value_checks.h"

namespace fleet_edge::rules {

TEST_CASE("Calendar: leap years, times before 1970, and what is no time") {
  CheckEach(
      {0, 951868799, 1709164799, 1709251199, 4107542400, -1, -86401.5, -2208988800, 1e17, kNaN},
      {{"minute(x)", {0, 59, 59, 59, 0, 59, 59, 0, 46, 30}},
       {"hour(x)", {0, 23, 23, 23, 0, 23, 23, 0, 9, 15}},
       {"day_of_week(x)", {4, 2, 3, 4, 1, 3, 2, 1, 3, 0}},
       {"day_of_month(x)", {1, 29, 28, 29, 1, 31, 30, 1, 6, 4}},
       {"day_of_year(x)", {1, 60, 59, 60, 60, 365, 364, 1, 250, 339}},
       {"days_in_month(x)", {31, 29, 29, 29, 31, 31, 31, 31, 30, 31}},
       {"month(x)", {1, 2, 2, 2, 3, 12, 12, 1, 9, 12}},
       {"year(x)", {1970, 2000, 2024, 2024, 2100, 1969, 1969, 1900, 3168875820, 292277026596}}});
}

TEST_CASE("Calendar: without an argument it is the instant's") {
  ExpressionWorld world;
  CheckValues(world, 5.5,
              {{"minute()", 13},
               {"hour()", 22},
               {"day_of_week()", 2},
               {"day_of_month()", 14},
               {"day_of_year()", 318},
               {"days_in_month()", 30},
               {"month()", 11},
               {"year()", 2023},
               {"time()", 1700000005.5},
               {"hour(vector(time() + 2 * 3600))", 0},
               {"pi()", 3.141592653589793}});
}

}  // namespace fleet_edge::rules
