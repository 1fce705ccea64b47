#include "agent/pipeline/quality_gate.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/signal.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct World {
  SeriesRegistry series;
  Counters counters;
  HandClock clock;
  QualityGate gate{{}, {"probes", "gnss"}, counters};

  Reading Coolant(double value, Duration age = Duration{0}) {
    return {.series = series.Find("engine_coolant_celsius", {}),
            .time = clock.Now() - age,
            .value = value};
  }
  Quality Judge(Reading reading) {
    gate.Judge(reading, clock.Now());
    return reading.quality;
  }
  std::uint64_t Rejected(const std::string& driver, const std::string& reason) {
    return counters
        .Get(kInputRejectedTotal,
             {{"driver", driver}, {"signal", "engine_coolant_celsius"}, {"reason", reason}})
        .value();
  }
};

}  // namespace

TEST_CASE("QualityGate: a value within the catalogue's range is good, its ends included") {
  World world;
  const Signal& signal = *FindSignal("engine_coolant_celsius");
  CHECK(world.Judge(world.Coolant(90)) == Quality::kGood);
  CHECK(world.Judge(world.Coolant(signal.min)) == Quality::kGood);
  CHECK(world.Judge(world.Coolant(signal.max)) == Quality::kGood);
  CHECK(world.Judge(world.Coolant(signal.max + 0.1)) == Quality::kOutOfRange);
  CHECK(world.Judge(world.Coolant(signal.min - 0.1)) == Quality::kOutOfRange);
}

TEST_CASE("QualityGate: what is no number is out of range, catalogued or not") {
  World world;
  CHECK(world.Judge(world.Coolant(std::nan(""))) == Quality::kOutOfRange);
  Reading own = world.Coolant(-std::numeric_limits<double>::infinity());
  own.series = world.series.Find("pump_flow", {});
  CHECK(world.Judge(own) == Quality::kOutOfRange);
  own.value = 1e12;
  CHECK(world.Judge(own) == Quality::kGood);
}

TEST_CASE("QualityGate: a time outside [now - max_age, now + max_skew] is suspect") {
  World world;
  CHECK(world.Judge(world.Coolant(90, hours{24})) == Quality::kGood);
  CHECK(world.Judge(world.Coolant(90, hours{24} + Duration{1})) == Quality::kSuspect);
  CHECK(world.Judge(world.Coolant(90, -seconds{60})) == Quality::kGood);
  CHECK(world.Judge(world.Coolant(90, -seconds{60} - Duration{1})) == Quality::kSuspect);
}

TEST_CASE("QualityGate: without a window any time will do") {
  World world;
  QualityGate gate({QualityGate::Window::Unbounded(), {}}, {}, world.counters);
  Reading reading = world.Coolant(90);
  reading.time = UtcTime{};
  gate.Judge(reading, world.clock.Now());
  CHECK(reading.quality == Quality::kGood);
}

TEST_CASE("QualityGate: what the driver found wrong stays as it said, and is counted") {
  World world;
  Reading reading = world.Coolant(90);
  reading.quality = Quality::kStale;
  reading.driver = 2;
  CHECK(world.Judge(reading) == Quality::kStale);
  CHECK(world.Rejected("gnss", "stale") == 1);
}

TEST_CASE("QualityGate: what is not good is counted by driver, signal and reason") {
  World world;
  Reading reading = world.Coolant(1000);
  reading.driver = 1;
  world.Judge(reading);
  world.Judge(reading);
  reading.driver = 0;
  world.Judge(reading);
  CHECK(world.Rejected("probes", "out_of_range") == 2);
  CHECK(world.Rejected("", "out_of_range") == 1);
  CHECK(world.Rejected("gnss", "out_of_range") == 0);
}

TEST_CASE("QualityGate: late readings have a reason of their own and stay good") {
  World world;
  Reading reading = world.Coolant(90);
  reading.driver = 1;
  world.gate.CountLate(reading);
  CHECK(world.Rejected("probes", "late") == 1);
}

TEST_CASE("QualityGate: readings by quality are published as one addition") {
  World world;
  Counter& good = world.counters.Get(kReadingsTotal, {{"quality", "good"}});
  world.Judge(world.Coolant(90));
  world.Judge(world.Coolant(91));
  CHECK(good.value() == 0);
  world.gate.Publish();
  world.gate.Publish();
  CHECK(good.value() == 2);
}

TEST_CASE("QualityGate: a fleet's own limits are tighter than the catalogue's") {
  World world;
  QualityGate gate(
      {.window = {}, .signals = {{"engine_coolant_celsius", {.min = -30, .max = 130}}}}, {"probes"},
      world.counters);
  const auto judge = [&](double value) {
    Reading reading = world.Coolant(value);
    gate.Judge(reading, world.clock.Now());
    return reading.quality;
  };
  CHECK(judge(-30) == Quality::kGood);
  CHECK(judge(130) == Quality::kGood);
  CHECK(judge(-30.1) == Quality::kOutOfRange);
  CHECK(judge(130.1) == Quality::kOutOfRange);
}

TEST_CASE("QualityGate: a spike is suspect alone, a real jump is believed after a while") {
  World world;
  QualityGate gate({.window = {}, .signals = {{"engine_coolant_celsius", {.max_rate = 5}}}},
                   {"probes"}, world.counters);
  const auto judge = [&](double value) {
    world.clock.Advance(seconds{1});
    Reading reading = world.Coolant(value);
    gate.Judge(reading, world.clock.Now());
    return reading.quality;
  };
  CHECK(judge(90) == Quality::kGood);
  CHECK(judge(95) == Quality::kGood);
  CHECK(judge(180) == Quality::kSuspect);
  CHECK(judge(95) == Quality::kGood);
  CHECK(judge(-40) == Quality::kSuspect);  // unplugged, by 135: 27 seconds
  int refused = 0;
  while (judge(-40) == Quality::kSuspect) ++refused;
  CHECK(refused == 25);
  CHECK(judge(-40) == Quality::kGood);
}

}  // namespace fleet_edge::agent
