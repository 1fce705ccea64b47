#include "drivers/gnss/gnss_time.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"

namespace fleet_edge::drivers {
namespace {

using Verdict = GnssTime::Verdict;
using std::chrono::seconds;

UtcTime At(std::string_view text) { return ParseUtcTime(text).value(); }

GnssReport Report(std::optional<UtcTime> time, double fix = 3) {
  GnssReport report;
  report.time = time;
  report.fix = fix;
  return report;
}

/// Judged as the third fix in a row.
GnssTime::Judged Third(UtcTime theirs, UtcTime ours) {
  GnssTime time;
  time.Judge(Report(theirs), ours);
  time.Judge(Report(theirs), ours);
  return time.Judge(Report(theirs), ours);
}

TEST_CASE("GnssTime: a time is believed from the third fix in a row on, until the fix is lost") {
  const UtcTime now = At("2026-11-21T12:00:00Z");
  const UtcTime theirs = now - seconds{1};
  GnssTime time;
  CHECK(time.Judge(Report(theirs), now).verdict == Verdict::kUnknown);
  CHECK(time.Judge(Report(theirs), now).time == now);
  CHECK(time.Judge(Report(theirs), now).verdict == Verdict::kBelieved);
  CHECK(time.Judge(Report(theirs), now).time == theirs);
  CHECK(time.Judge(Report(std::nullopt), now).verdict == Verdict::kUnknown);
  CHECK(time.Judge(Report(theirs, 1), now).verdict == Verdict::kUnknown);
  CHECK(time.Judge(Report(theirs), now).verdict == Verdict::kUnknown);
  CHECK(time.Judge(Report(theirs, 2), now).verdict == Verdict::kUnknown);
  CHECK(time.Judge(Report(theirs), now).verdict == Verdict::kUnknown);
}

TEST_CASE("GnssTime: a minute apart is believed, more is not") {
  const UtcTime now = At("2026-11-21T12:00:00Z");
  for (const int sign : {-1, 1}) {
    CHECK(Third(now + sign * seconds{60}, now).verdict == Verdict::kBelieved);
    const auto judged = Third(now + sign * seconds{61}, now);
    CHECK(judged.verdict == Verdict::kApart);
    CHECK(judged.time == now);
  }
}

TEST_CASE("GnssTime: a count of weeks that has rolled over is put right") {
  // 21 November 2026 is week 2445 of GPS, which ten bits tell as 397: 7 April 2007, or 1987.
  const UtcTime now = At("2026-11-21T12:00:00Z");
  auto judged = Third(At("2007-04-07T11:59:59.5Z"), now);
  CHECK(judged.verdict == Verdict::kRolledOver);
  CHECK(judged.time == At("2026-11-21T11:59:59.5Z"));
  judged = Third(At("1987-08-22T12:00:01Z"), now);
  CHECK(judged.verdict == Verdict::kRolledOver);
  CHECK(judged.time == At("2026-11-21T12:00:01Z"));
  CHECK(Third(At("2007-04-08T12:00:00Z"), now).verdict == Verdict::kApart);
  // A receiver is never ahead by a rollover: then it is the machine that has the wrong date.
  CHECK(Third(At("2046-07-07T12:00:00Z"), now).verdict == Verdict::kApart);
}

}  // namespace
}  // namespace fleet_edge::drivers
