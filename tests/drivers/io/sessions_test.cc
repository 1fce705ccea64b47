#include "drivers/io/sessions.h"

#include <doctest/doctest.h>

#include <functional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/stop_event.h"

namespace fleet_edge::drivers {
namespace {

TEST_CASE(
    "sessions follow one another until the stop, with waits in which the driver looks after") {
  const HandClock clock;
  std::stop_source stop;
  const StopEvent stopped(stop.get_token());
  int sessions = 0;
  int waits = 0;
  Sessions runs(
      "test", clock,
      [&](const std::function<void()>& opened) -> std::string {
        ++sessions;
        opened();
        return "unplugged";
      },
      [&] {
        if (++waits == 2) stop.request_stop();
      });
  runs.Run(stop.get_token(), stopped);
  CHECK(sessions == 2);
  CHECK(waits == 2);
}

TEST_CASE("a stop inside a session ends at once") {
  const HandClock clock;
  std::stop_source stop;
  const StopEvent stopped(stop.get_token());
  int waits = 0;
  Sessions runs(
      "test", clock,
      [&](const std::function<void()>& /*opened*/) -> std::string {
        stop.request_stop();
        return {};
      },
      [&] { ++waits; });
  runs.Run(stop.get_token(), stopped);
  CHECK(waits == 0);
}

}  // namespace
}  // namespace fleet_edge::drivers
