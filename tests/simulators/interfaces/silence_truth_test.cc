#include "simulators/interfaces/silence_truth.h"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

UtcTime At(double s) {
  return UtcTime{seconds{1'700'000'000}} + milliseconds{static_cast<int>(s * 1000)};
}

}  // namespace

TEST_CASE("Silence: a series that goes on speaking is never told silent, but for its beginning") {
  SilenceTruth truth("truck-1", {"engine_rpm", {}}, At(0));
  for (int s = 4; s < 20; ++s) truth.Add(At(s), {});
  const std::vector<ExpectedChange> expected = truth.Take();
  REQUIRE(expected.size() == 2);
  CHECK_FALSE(expected[0].required);
  CHECK(expected[1].latest < At(6));
}

TEST_CASE("Silence: three seconds and an instant of the rule are told, and the return too") {
  SilenceTruth truth("truck-1", {"cargo_celsius", {{"zone", "2"}}}, At(0));
  truth.Add(At(0), {});
  truth.Take();
  truth.Add(At(6), {});
  const std::vector<ExpectedChange> expected = truth.Take();
  REQUIRE(expected.size() == 2);
  CHECK(expected[0].required);
  CHECK(expected[0].change == AlertChange::kFiring);
  CHECK(expected[0].labels.Get("signal") == "cargo_celsius");
  CHECK(expected[0].labels.Get("zone") == "2");
  CHECK(expected[0].earliest <= At(3));
  CHECK(expected[0].latest >= At(4));
  CHECK(expected[0].latest < At(6));
  CHECK(expected[1].change == AlertChange::kResolved);
  CHECK(expected[1].earliest < At(6));
  CHECK(expected[1].latest >= At(7));
}

TEST_CASE("Silence: whether a rule sees little more than three seconds is open") {
  SilenceTruth truth("truck-1", {"engine_rpm", {}}, At(0));
  truth.Add(At(0), {});
  truth.Take();
  truth.Add(At(3.5), {});
  const std::vector<ExpectedChange> expected = truth.Take();
  REQUIRE(expected.size() == 2);
  CHECK_FALSE(expected[0].required);
  CHECK_FALSE(expected[1].required);
}

TEST_CASE("Silence: the rule watches what is measured every second") {
  CHECK(WatchesSilence({"engine_rpm", {}}));
  CHECK_FALSE(WatchesSilence({"fuel_percent", {}}));
  CHECK_FALSE(WatchesSilence({"door_open", {}}));
}

}  // namespace fleet_edge::simulators
