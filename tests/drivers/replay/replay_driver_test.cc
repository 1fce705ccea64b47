#include "drivers/replay/replay_driver.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/reading.h"
#include "core/time.h"
#include "tests/drivers/temporary_file.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRecording = "time,engine_rpm\n100,900\n110,901\n120,902\n";

ReplayOptions Options(const std::string& path, std::optional<double> pace, std::string shift) {
  ReplayOptions options;
  options.path = path;
  options.pace = pace;
  options.shift = std::move(shift);
  return options;
}

/// Takes readings until there are `count`, for a minute at most.
std::vector<Reading> Await(World& world, std::size_t count) {
  const SystemClock clock;
  const BootTime deadline = clock.Boot() + 1min;
  std::vector<Reading> taken;
  while (taken.size() < count && clock.Boot() < deadline)
    world.readings.PopAll(taken, deadline, clock, {});
  return taken;
}

TEST_CASE("ReplayDriver: without a pace all is played at once, with the recording's times") {
  const TemporaryFile file(kRecording);
  World world;
  ReplayDriver(std::string("test"), Options(file.path(), std::nullopt, "none"), world.environment)
      .Run({});
  const auto readings = world.Take();
  REQUIRE(readings.size() == 3);
  CHECK(readings[0].time == UtcTime(100s));
  CHECK(readings[2].time == UtcTime(120s));
}

TEST_CASE("ReplayDriver: without a pace it waits for the pipeline instead of overrunning it") {
  constexpr int kRows = 5'000;
  std::string text = "time,engine_rpm\n";
  for (int row = 0; row < kRows; ++row) text += std::to_string(100 + row) + ",900\n";
  const TemporaryFile file(text);
  World world(1'000);
  std::jthread player([&](const std::stop_token& stop) {
    ReplayDriver(std::string("test"), Options(file.path(), std::nullopt, "none"), world.environment)
        .Run(stop);
  });
  CHECK(Await(world, kRows).size() == kRows);
  CHECK(world.readings.dropped() == 0);
}

TEST_CASE("ReplayDriver: it keeps the pace of its clock, and its times follow it") {
  const TemporaryFile file(kRecording);
  World world;
  const UtcTime start = world.clock.Now();
  ReplayDriver driver("test", Options(file.path(), 10, "now"), world.environment);
  std::jthread thread([&](std::stop_token stop) { driver.Run(std::move(stop)); });
  auto readings = Await(world, 1);
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].time == start);
  world.clock.Advance(1s);
  readings = Await(world, 1);
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].time == start + 1s);
  world.clock.Advance(1s);
  readings = Await(world, 1);
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].time == start + 2s);
}

TEST_CASE("ReplayDriver: a stop ends its wait at once") {
  const TemporaryFile file(kRecording);
  World world;
  ReplayDriver driver("test", Options(file.path(), 1, "now"), world.environment);
  std::jthread thread([&](std::stop_token stop) { driver.Run(std::move(stop)); });
  CHECK(Await(world, 1).size() == 1);
  const auto before = std::chrono::steady_clock::now();
  thread.request_stop();
  thread.join();
  CHECK(std::chrono::steady_clock::now() - before < 5s);
  CHECK(world.Take().empty());
}

TEST_CASE("ReplayDriver: a recording that can't be read plays nothing and ends") {
  World world;
  ReplayDriver(std::string("test"), Options("/no/such/file", std::nullopt, "none"),
               world.environment)
      .Run({});
  CHECK(world.Take().empty());
}

}  // namespace
}  // namespace fleet_edge::drivers
