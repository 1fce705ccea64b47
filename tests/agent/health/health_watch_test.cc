#include "agent/health/health_watch.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "agent/health/health.h"
#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::seconds;

struct World {
  HandClock clock;
  HealthWatch watch;

  std::vector<HealthWatch::Change> Look(std::vector<Problem> found = {}) {
    clock.Advance(seconds{1});
    return watch.Note(std::move(found), clock.Now(), clock.Boot());
  }

  /// Looks each second; how often something began or ended.
  std::size_t Look(int times, const std::vector<Problem>& found) {
    std::size_t changes = 0;
    for (int i = 0; i < times; ++i) changes += Look(found).size();
    return changes;
  }
};

Problem Of(const std::string& id, const std::string& subject = "",
           Severity severity = Severity::kWarning) {
  return {.id = id, .severity = severity, .subject = subject, .what = "w", .mend = "m"};
}

}  // namespace

TEST_CASE("HealthWatch: what one look tells begins at once and ends at once, each told once") {
  World world;
  const auto began = world.Look({Of("rules_refused")});
  REQUIRE(began.size() == 1);
  CHECK_FALSE(began[0].lasted);
  CHECK(began[0].problem.since == world.clock.Now());
  CHECK(world.Look(9, {Of("rules_refused")}) == 0);
  CHECK(world.watch.health().size() == 1);
  const auto ended = world.Look();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].lasted == seconds{9});
  CHECK(world.watch.health().empty());
}

TEST_CASE("HealthWatch: a tunnel of half a minute is no problem, a longer one is since its start") {
  World world;
  CHECK(world.Look(30, {Of("hub_unreachable")}) == 0);
  CHECK(world.Look(60, {}) == 0);
  const UtcTime entered = world.clock.Now() + seconds{1};
  CHECK(world.Look(31, {Of("hub_unreachable")}) == 1);
  REQUIRE(world.watch.health().size() == 1);
  CHECK(world.watch.health()[0].since == entered);
}

TEST_CASE(
    "HealthWatch: a hub that is away is a note from the first look on, and no longer than it") {
  World world;
  CHECK(world.Look({Of("hub_unreachable", "", Severity::kCritical)}).empty());
  REQUIRE(world.watch.health().size() == 1);
  CHECK(world.watch.health()[0].early);
  CHECK(world.watch.health()[0].severity == Severity::kInfo);
  CHECK(world.watch.health()[0].since == world.clock.Now());
  world.Look();
  CHECK(world.watch.health().empty());
  world.Look(40, {Of("hub_unreachable")});
  REQUIRE(world.watch.health().size() == 1);
  CHECK_FALSE(world.watch.health()[0].early);
  CHECK(world.watch.health()[0].severity == Severity::kWarning);
}

TEST_CASE("HealthWatch: other kinds say nothing until they are problems") {
  World world;
  world.Look({Of("clock_not_set"), Of("disk_failing")});
  CHECK(world.watch.health().empty());
}

TEST_CASE("HealthWatch: what comes and goes with each look begins once and does not end") {
  World world;
  std::size_t changes = 0;
  for (int i = 0; i < 300; ++i) {
    changes +=
        world.Look(i % 2 == 0 ? std::vector{Of("hub_unreachable")} : std::vector<Problem>{}).size();
  }
  CHECK(changes == 1);
  CHECK(world.watch.health().size() == 1);
}

TEST_CASE("HealthWatch: what worsens is told, but not again when it was better meanwhile") {
  World world;
  const Problem warning = Of("outbox_full");
  const Problem critical = Of("outbox_full", "", Severity::kCritical);
  CHECK_FALSE(world.Look({warning})[0].worse);
  const auto worse = world.Look({critical});
  REQUIRE(worse.size() == 1);
  CHECK(worse[0].worse);
  CHECK_FALSE(worse[0].lasted);
  CHECK(worse[0].problem.severity == Severity::kCritical);
  for (int i = 0; i < 5; ++i) {
    CHECK(world.Look({warning}).empty());
    CHECK(world.Look({critical}).empty());
  }
}

TEST_CASE("HealthWatch: spikes further apart than two minutes never add up") {
  World world;
  for (int i = 0; i < 100; ++i) {
    CHECK(world.Look({Of("readings_refused", "probes")}).empty());
    CHECK(world.Look(121, {}) == 0);
  }
}

TEST_CASE("HealthWatch: the worst is first, then the oldest; subjects are told apart") {
  World world;
  world.Look({Of("driver_silent", "b")});
  world.Look({Of("driver_silent", "b"), Of("driver_silent", "a")});
  world.Look({Of("driver_silent", "b"), Of("driver_silent", "a"),
              Of("outbox_full", "", Severity::kCritical)});
  const Health& health = world.watch.health();
  REQUIRE(health.size() == 3);
  CHECK(health[0].id == "outbox_full");
  CHECK(health[1].subject == "b");
  CHECK(health[2].subject == "a");
}

TEST_CASE("HealthWatch: the wall clock's step moves since along: for how long stays true") {
  World world;
  world.Look({Of("rules_refused")});
  const auto boot = world.clock.Boot() + seconds{10};
  const UtcTime stepped = world.clock.Now() + seconds{1'000'000};
  world.watch.Note({Of("rules_refused")}, stepped, boot);
  CHECK(world.watch.health()[0].since == stepped - seconds{10});
}

TEST_CASE("HealthWatch: a minute of suspend is not a minute of trouble") {
  World world;
  world.Look({Of("hub_unreachable")});
  world.clock.Advance(seconds{60});
  CHECK(world.Look({Of("hub_unreachable")}).empty());
}

TEST_CASE("HealthWatch: the text is the newest, and beyond the bound nothing begins") {
  World world;
  Problem told = Of("rules_refused");
  world.Look({told});
  told.what = "another finding";
  world.Look({told});
  CHECK(world.watch.health()[0].what == "another finding");
  std::vector<Problem> many;
  for (std::size_t i = 0; i < 2 * HealthWatch::kMaxProblems; ++i) {
    many.push_back(Of("driver_silent", std::to_string(i)));
  }
  world.Look(many);
  CHECK(world.watch.health().size() == HealthWatch::kMaxProblems);
}

}  // namespace fleet_edge::agent
