// The aims of docs/anomaly.md on a short run: `make anomaly` is the long one.
#include <doctest/doctest.h>

#include <vector>

#include "tests/anomaly/fault.h"
#include "tests/anomaly/nab.h"
#include "tests/anomaly/score.h"
#include "tests/anomaly/simulated_tanker.h"

namespace fleet_edge::anomaly {
TEST_CASE("Departures: tankers without a fault raise no alarm") {
  const Score score = CountFalseAlarms({}, 192);
  CHECK(score.false_alarms_container.front() == 0);
  CHECK(score.false_alarms_coolant.front() == 0);
}

TEST_CASE("Departures: faults are told within 30 s of showing, but for some that come slowly") {
  for (const FaultKind kind : kFaultKinds) {
    CAPTURE(ToString(kind));
    const Sight shipped = WatchFaults({}, kind, 6).front();
    const bool comes_at_once = kind == FaultKind::kDoor || kind == FaultKind::kFire;
    CHECK(shipped.within_30s >= (comes_at_once ? 6 : 4));
  }
}

TEST_CASE("Departures: labelled windows of NAB's failing machine") {
  const NabResult shipped = RunNab().front();
  CHECK(shipped.hits() >= 3);
  CHECK(shipped.false_alarms <= 6);
}

TEST_CASE("SimulatedTanker: the same seed is the same day") {
  SimulatedTanker once(7);
  SimulatedTanker again(7);
  for (int second = 0; second < 10'000; ++second) {
    const SimulatedTanker::Readings a = once.Step();
    const SimulatedTanker::Readings b = again.Step();
    REQUIRE(a.cargo == b.cargo);
    REQUIRE(a.coolant == b.coolant);
  }
}

}  // namespace fleet_edge::anomaly
