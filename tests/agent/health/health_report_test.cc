#include "agent/health/health_report.h"

#include <doctest/doctest.h>

#include <chrono>

#include "agent/health/health.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::seconds;

const Problem kSilent{.id = "driver_silent",
                      .severity = Severity::kCritical,
                      .subject = "probes",
                      .since = UtcTime{seconds{5}},
                      .what = "nothing was read",
                      .mend = "look at the cable"};

}  // namespace

TEST_CASE("HealthReport: after a start the hub is told once, even that nothing is wrong") {
  HealthReport report;
  BootTime now{seconds{100}};
  const auto event = report.Due({}, now);
  REQUIRE(event);
  CHECK(event->has_health());
  CHECK(event->health().problems().empty());
  for (int i = 0; i < 100; ++i) CHECK_FALSE(report.Due({}, now += seconds{1}));
}

TEST_CASE("HealthReport: a problem is told with all that people need") {
  HealthReport report;
  const auto event = report.Due({kSilent}, BootTime{});
  REQUIRE(event);
  REQUIRE(event->health().problems_size() == 1);
  const auto& problem = event->health().problems(0);
  CHECK(problem.id() == "driver_silent");
  CHECK(problem.severity() == fleet::v1::Health::SEVERITY_CRITICAL);
  CHECK(problem.since_us() == 5'000'000);
  CHECK(problem.subject() == "probes");
  CHECK(problem.what() == "nothing was read");
  CHECK(problem.mend() == "look at the cable");
}

TEST_CASE("HealthReport: a byte that is no UTF-8 costs the hub that byte, not the event") {
  HealthReport report;
  Problem problem = kSilent;
  problem.subject = "caf\xE9.yaml";
  problem.what = "caf\xE9.yaml can't be read";
  const auto event = report.Due({problem}, BootTime{});
  REQUIRE(event);
  fleet::v1::StatusEvent read;
  REQUIRE(read.ParseFromString(event->SerializeAsString()));
  CHECK(read.health().problems(0).subject() == "caf\uFFFD.yaml");
  CHECK(read.health().problems(0).what() == "caf\uFFFD.yaml can't be read");
}

TEST_CASE("HealthReport: what is only noted so far is not told") {
  HealthReport report;
  report.Due({}, BootTime{});
  Problem note = kSilent;
  note.early = true;
  CHECK_FALSE(report.Due({note}, BootTime{seconds{20}}));
  const auto event = report.Due({kSilent, note}, BootTime{seconds{40}});
  REQUIRE(event);
  CHECK(event->health().problems_size() == 1);
}

TEST_CASE("HealthReport: a change within ten seconds waits, and what came and went is not told") {
  HealthReport report;
  BootTime now{seconds{100}};
  report.Due({}, now);
  CHECK_FALSE(report.Due({kSilent}, now + seconds{9}));
  CHECK(report.Due({kSilent}, now + seconds{10}));
  CHECK_FALSE(report.Due({}, now + seconds{15}));
  CHECK_FALSE(report.Due({kSilent}, now + seconds{25}));
  CHECK(report.Due({}, now + seconds{30}));
}

TEST_CASE("HealthReport: another text alone is no news, another severity is") {
  HealthReport report;
  report.Due({kSilent}, BootTime{});
  Problem problem = kSilent;
  problem.what = "nothing was read for 2m";
  CHECK_FALSE(report.Due({problem}, BootTime{seconds{20}}));
  problem.severity = Severity::kWarning;
  CHECK(report.Due({problem}, BootTime{seconds{40}}));
}

}  // namespace fleet_edge::agent
