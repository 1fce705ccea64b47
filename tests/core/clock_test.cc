#include "core/clock.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/time.h"

namespace fleet_edge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("HandClock: stands still until it is cranked") {
  HandClock clock;
  const UtcTime now = clock.Now();
  const BootTime boot = clock.Boot();
  CHECK(clock.Now() == now);
  clock.Advance(seconds{10});
  CHECK(clock.Now() == now + seconds{10});
  CHECK(clock.Boot() == boot + seconds{10});
}

TEST_CASE("SystemClock: tells UTC, runs forwards and shows no drift when just latched") {
  SystemClock clock;
  const UtcTime first = clock.Now();
  CHECK(clock.Now() >= first);
  const auto wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  CHECK(std::chrono::abs(wall - first) < seconds{10});
  clock.Relatch();
  CHECK(std::chrono::abs(clock.Drift()) < milliseconds{100});
}

}  // namespace
}  // namespace fleet_edge
