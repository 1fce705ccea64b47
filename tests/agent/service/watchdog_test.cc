#include "agent/service/watchdog.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Verdict = Watchdog::Verdict;

constexpr BootTime kStart{std::chrono::hours{1}};
constexpr Duration kPeriod = seconds{30};

/// Looks once a second for `how_long`, and counts the signs of life.
struct Looks {
  Watchdog watchdog{kPeriod};
  BootTime now = kStart;
  Watchdog::Turns turns;
  int alive = 0;
  int hangs = 0;

  void Go(Duration how_long, bool pipeline, bool uplink) {
    for (const BootTime end = now + how_long; now < end; now += seconds{1}) {
      if (pipeline) ++turns.pipeline;
      if (uplink) ++turns.uplink;
      const Verdict verdict = watchdog.Look(now, turns);
      if (verdict == Verdict::kAlive) ++alive;
      if (verdict == Verdict::kHangs) ++hangs;
    }
  }
};

}  // namespace

TEST_CASE("Watchdog: while both threads get on, signs of life come four times a period") {
  Looks looks;
  looks.Go(minutes{4}, true, true);
  CHECK(looks.alive == 30);  // the first at once, then every eighth second
  CHECK(looks.hangs == 0);
}

TEST_CASE(
    "Watchdog: a pipeline that stands still earns no sign of life, however much time goes by") {
  Looks looks;
  looks.Go(seconds{20}, true, true);
  looks.alive = 0;
  looks.Go(minutes{5}, false, true);
  CHECK(looks.alive == 0);
  CHECK(looks.hangs == 1);
  CHECK(looks.watchdog.culprit() == "pipeline");
}

TEST_CASE("Watchdog: a pipeline that gets on again after a hang earns signs of life again") {
  Looks looks;
  looks.Go(seconds{20}, false, true);
  looks.alive = 0;
  looks.Go(seconds{1}, true, true);
  CHECK(looks.alive == 1);
  CHECK(looks.watchdog.culprit().empty());
}

TEST_CASE(
    "Watchdog: an uplink that waits for a slow disk is no hang for ten minutes, and one after") {
  Looks looks;
  looks.Go(minutes{10}, true, false);
  CHECK(looks.alive == 75);
  CHECK(looks.hangs == 0);
  looks.Go(minutes{10}, true, false);
  CHECK(looks.alive == 75 + 1);
  CHECK(looks.hangs == 1);
  CHECK(looks.watchdog.culprit() == "uplink");
}

TEST_CASE("Watchdog: the time that a box sleeps is no hang") {
  Looks looks;
  looks.Go(seconds{30}, true, true);
  looks.now += std::chrono::hours{9};
  looks.Go(seconds{30}, true, true);
  CHECK(looks.hangs == 0);
  CHECK(looks.alive == 8);
}

TEST_CASE("Watchdog: it wants to be asked four times a period, and every second at least") {
  CHECK(Watchdog(seconds{30}).LookEvery() == seconds{1});
  CHECK(Watchdog(seconds{2}).LookEvery() == milliseconds{500});
  CHECK(Watchdog(std::nullopt).LookEvery() == seconds{1});
}

}  // namespace fleet_edge::agent
