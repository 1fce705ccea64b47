#include "drivers/outlets.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>

#include "core/counters.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

TEST_CASE("what is put leaves in the catalogue's unit, and is counted") {
  World world;
  Outlets outlets("test", seconds{10}, world.environment);
  const std::size_t speed = outlets.Add(*ParseSignalTarget("vehicle_speed_kmh", "m/s"));
  outlets.Put(speed, 10, world.clock.Now());
  CHECK(world.Take().empty());
  outlets.Flush();
  const auto readings = world.Take();
  REQUIRE(readings.size() == 1);
  CHECK(Show(readings[0]) == "vehicle_speed_kmh 36 good");
  CHECK(readings[0].driver == 7);
  CHECK(world.counters.Get(kInputReadingsTotal, {{"driver", "test"}}).value() == 1);
}

TEST_CASE("a silence is told once, and again after the next value") {
  World world;
  Outlets outlets("test", seconds{10}, world.environment);
  const std::size_t fuel = outlets.Add(*ParseSignalTarget("fuel_percent", ""));
  outlets.Add(*ParseSignalTarget("battery_volts", ""));  // never heard: nothing to tell
  for (int round = 0; round < 2; ++round) {
    outlets.Put(fuel, 40, world.clock.Now());
    outlets.Flush();
    world.Take();
    world.clock.Advance(seconds{10});
    outlets.MarkSilent();
    CHECK(world.Take().empty());
    world.clock.Advance(seconds{1});
    outlets.MarkSilent();
    outlets.MarkSilent();
    const auto readings = world.Take();
    REQUIRE(readings.size() == 1);
    CHECK(Show(readings[0]) == "fuel_percent 40 stale");
    CHECK(readings[0].time == world.clock.Now());
  }
}

TEST_CASE("what is refused is counted by reason and signal") {
  World world;
  Outlets outlets("test", seconds{10}, world.environment);
  const std::size_t fuel = outlets.Add(*ParseSignalTarget("fuel_percent", ""));
  outlets.Refuse(fuel, reason::kDeviceError);
  outlets.Refuse(reason::kChecksum);
  CHECK(world.Rejected("device_error", "fuel_percent") == 1);
  CHECK(world.Rejected("checksum") == 1);
}

}  // namespace
}  // namespace fleet_edge::drivers
