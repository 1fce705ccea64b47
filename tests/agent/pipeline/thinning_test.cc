#include "agent/pipeline/thinning.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "core/counters.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct World {
  SeriesRegistry series;
  Counters counters;
  Thinning thinning{
      {{"vehicle_speed_kmh", {.every = seconds{5}, .dead_band = 2, .at_least = seconds{20}}}},
      counters};

  bool Sends(Duration at, double value, Quality quality = Quality::kGood,
             const std::string& signal = "vehicle_speed_kmh") {
    return thinning.Sends({series.Find(signal, {}), UtcTime{} + at, value, quality});
  }
  std::uint64_t Thinned() {
    return counters.Get(kThinnedTotal, {{"signal", "vehicle_speed_kmh"}}).value();
  }
};

}  // namespace

TEST_CASE("Thinning: no sooner than every, not within the dead band, but at least so often") {
  World world;
  CHECK(world.Sends(seconds{0}, 50));
  CHECK_FALSE(world.Sends(seconds{1}, 90));  // too soon
  CHECK_FALSE(world.Sends(milliseconds{4'999}, 90));
  CHECK(world.Sends(seconds{5}, 90));
  CHECK_FALSE(world.Sends(seconds{10}, 91.9));  // too near
  CHECK(world.Sends(seconds{11}, 92));
  CHECK_FALSE(world.Sends(milliseconds{30'999}, 92));
  CHECK(world.Sends(seconds{31}, 92));  // it says that it still measures
  CHECK(world.Thinned() == 4);
}

TEST_CASE("Thinning: what is not good, the first after it, and what comes from the past is sent") {
  World world;
  CHECK(world.Sends(seconds{10}, 50));
  CHECK(world.Sends(seconds{11}, 50, Quality::kStale));
  CHECK(world.Sends(seconds{12}, 50));
  CHECK_FALSE(world.Sends(seconds{13}, 50));
  CHECK(world.Sends(seconds{9}, 50));
}

TEST_CASE("Thinning: other signals, and other series of the same one, are not touched by it") {
  World world;
  CHECK(world.Sends(seconds{0}, 50));
  CHECK(world.Sends(seconds{1}, 50, Quality::kGood, "fuel_percent"));
  CHECK(world.Sends(seconds{1}, 50, Quality::kGood, "fuel_percent"));
  CHECK(world.thinning.Sends(
      {world.series.Find("vehicle_speed_kmh", {{"axle", "1"}}), UtcTime{} + seconds{1}, 50}));
}

}  // namespace fleet_edge::agent
