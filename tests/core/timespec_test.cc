#include "core/timespec.h"

#include <doctest/doctest.h>

#include <chrono>
#include <ctime>
#include <limits>

namespace fleet_edge {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST_CASE("Timespec: a span is whole seconds and what is left of one") {
  const timespec half = ToTimespec(milliseconds{2500});
  CHECK(half.tv_sec == 2);
  CHECK(half.tv_nsec == 500'000'000);
  CHECK(ToTimespec(nanoseconds{999'999'999}).tv_nsec == 999'999'999);
  CHECK(ToTimespec(nanoseconds{}).tv_sec == 0);
}

TEST_CASE("Timespec: a span of centuries is long on each machine, and never negative") {
  const timespec ages = ToTimespec(hours{24 * 365 * 200});
  CHECK(ages.tv_sec >= std::numeric_limits<int>::max());
}

}  // namespace
}  // namespace fleet_edge
