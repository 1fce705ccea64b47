#include "drivers/time_unit.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

TEST_CASE("TimeUnit: counts of each unit are the same moment") {
  const UtcTime time = ParseUtcTime("2026-11-21T06:28:35.123456Z").value();
  CHECK(FromCount(std::int64_t{1'795'242'515'123'456}, TimeUnit::kMicroseconds) == time);
  CHECK(FromCount(std::int64_t{1'795'242'515'123'456'789}, TimeUnit::kNanoseconds) == time);
  CHECK(FromCount(1'795'242'515.123456, TimeUnit::kSeconds) == time);
  CHECK(FromCount(std::int64_t{-1'500}, TimeUnit::kMilliseconds) ==
        ParseUtcTime("1969-12-31T23:59:58.5Z"));
}

TEST_CASE("TimeUnit: counts beyond the years 1900 to 2200 are no time") {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  CHECK_FALSE(FromCount(kMost, TimeUnit::kSeconds));
  CHECK_FALSE(FromCount(kMost, TimeUnit::kMicroseconds));
  CHECK_FALSE(FromCount(std::numeric_limits<std::int64_t>::min(), TimeUnit::kMilliseconds));
  CHECK_FALSE(FromCount(std::numeric_limits<double>::infinity(), TimeUnit::kSeconds));
  CHECK_FALSE(FromCount(std::numeric_limits<double>::quiet_NaN(), TimeUnit::kSeconds));
  CHECK_FALSE(FromCount(5.0, TimeUnit::kIso8601));
}

TEST_CASE("TimeUnit: names are those of the configuration") {
  CHECK(ParseTimeUnit("ms") == TimeUnit::kMilliseconds);
  CHECK(ParseTimeUnit("iso8601") == TimeUnit::kIso8601);
  CHECK_FALSE(ParseTimeUnit("minutes"));
}

}  // namespace
}  // namespace fleet_edge::drivers
