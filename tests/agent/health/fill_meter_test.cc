#include "agent/health/fill_meter.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct World {
  HandClock clock;
  FillMeter meter;
  std::uint64_t disk = 1'000'000;

  void Grow(int times, std::uint64_t bytes) {
    for (int i = 0; i < times; ++i) {
      clock.Advance(seconds{1});
      disk += bytes;
      meter.Note(clock.Boot(), Bytes{disk});
    }
  }
};

}  // namespace

TEST_CASE("FillMeter: nothing is told of the first minute, nor of what does not grow") {
  World world;
  CHECK_FALSE(world.meter.ToFull(MiB(1)));
  world.Grow(55, 1000);
  CHECK_FALSE(world.meter.ToFull(MiB(100)));
  World still;
  still.Grow(300, 0);
  CHECK_FALSE(still.meter.ToFull(MiB(100)));
}

TEST_CASE("FillMeter: at a steady pace it tells the time that is left") {
  World world;
  world.Grow(120, 1000);
  const Bytes quota{world.disk + 3600 * 1000};
  const auto left = world.meter.ToFull(quota);
  REQUIRE(left);
  CHECK(*left > minutes{59});
  CHECK(*left < minutes{61});
}

TEST_CASE("FillMeter: an outbox that has shrunk again is not filling, a full one is full") {
  World world;
  world.Grow(120, 1000);
  CHECK(world.meter.ToFull(Bytes{world.disk - 10'000}) == Duration{0});
  world.disk -= 500'000;
  world.Grow(10, 0);
  CHECK_FALSE(world.meter.ToFull(MiB(100)));
}

TEST_CASE("FillMeter: a pace of a byte a minute fills nothing") {
  World world;
  world.Grow(120, 0);
  world.Grow(6, 1);
  CHECK_FALSE(world.meter.ToFull(MiB(512)));
}

}  // namespace fleet_edge::agent
