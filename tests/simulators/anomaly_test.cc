#include "simulators/anomaly.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "simulators/random.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::vector<Anomaly> Plan(Duration run, std::uint64_t seed = 1) {
  Random random(seed, "anomalies");
  return PlanAnomalies(run, 2, random);
}

TEST_CASE("Anomaly: each kind comes once in a short run and once a minute in a long one") {
  CHECK(Plan(seconds{45}).size() == 3);
  CHECK(Plan(minutes{5}).size() == 15);
}

TEST_CASE("Anomaly: a run that is too short for an alert has none") {
  CHECK(Plan(seconds{19}).empty());
}

TEST_CASE("Anomaly: each is over in time for its alert to resolve") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    for (const Anomaly& anomaly : Plan(seconds{40}, seed)) {
      CAPTURE(seed);
      CHECK(anomaly.begin_s >= 1);
      CHECK(anomaly.end_s - anomaly.begin_s == doctest::Approx(14));
      CHECK(anomaly.end_s <= 40 - 15);
    }
  }
}

TEST_CASE("Anomaly: a container heats up in one of its zones") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Anomaly container = Plan(seconds{45}, seed).at(1);
    CHECK(container.kind == Anomaly::Kind::kHeatingContainer);
    CHECK(container.zone >= 1);
    CHECK(container.zone <= 2);
  }
}

TEST_CASE("Anomaly: the seed decides") {
  CHECK(Plan(seconds{45}, 1)[0].begin_s == Plan(seconds{45}, 1)[0].begin_s);
  CHECK(Plan(seconds{45}, 1)[0].begin_s != Plan(seconds{45}, 2)[0].begin_s);
}

}  // namespace
}  // namespace fleet_edge::simulators
