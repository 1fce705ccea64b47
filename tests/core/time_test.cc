#include "core/time.h"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>

namespace fleet_edge {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("Duration: Prometheus's form is read") {
  CHECK(ParseDuration("10s") == seconds{10});
  CHECK(ParseDuration("500ms") == milliseconds{500});
  CHECK(ParseDuration("1h30m") == hours{1} + minutes{30});
  CHECK(ParseDuration("1d") == hours{24});
  CHECK(ParseDuration("1w2d") == hours{9 * 24});
  CHECK(ParseDuration("0") == Duration{0});
  CHECK(ParseDuration("0s") == Duration{0});
}

TEST_CASE("Duration: what is no duration is refused") {
  for (const char* text :
       {"", "10", "s", "-1s", "1m1h", "1s1s", "1.5s", "10 s", "101y", "99999999999999999999s"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseDuration(text));
  }
}

TEST_CASE("Duration: text is exact and reads back") {
  CHECK(ToString(hours{1} + minutes{30}) == "1h30m");
  CHECK(ToString(Duration{1500}) == "1ms500us");
  CHECK(ToString(Duration{0}) == "0s");
  CHECK(ToString(-seconds{5}) == "-5s");
  CHECK(ParseDuration(ToString(hours{24 * 400})) == hours{24 * 400});
}

TEST_CASE("UtcTime: ISO 8601 is read and written") {
  const auto time = ParseUtcTime("2026-11-21T06:28:35.25Z");
  REQUIRE(time);
  CHECK(ToString(*time) == "2026-11-21T06:28:35.250Z");
  CHECK(ParseUtcTime("2026-11-21 06:28:35") == ParseUtcTime("2026-11-21T08:28:35+02:00"));
  CHECK(ToString(UtcTime{Duration{-1}}) == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("UtcTime: what is no time is refused") {
  for (const char* text :
       {"", "2026-11-21", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T06:28:35.Z", "2026-11-21T06:28:35ZZ", "2026-11-21T06:28:35+2"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseUtcTime(text));
  }
}

TEST_CASE("UtcTime: seconds convert exactly to the microsecond, nonsense does not") {
  const UtcTime time{Duration{1'700'000'000'123'457}};
  CHECK(UtcFromSeconds(ToSeconds(time)) == time);
  CHECK_FALSE(UtcFromSeconds(std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(UtcFromSeconds(std::numeric_limits<double>::infinity()));
  CHECK_FALSE(UtcFromSeconds(1e300));
}

}  // namespace
}  // namespace fleet_edge
