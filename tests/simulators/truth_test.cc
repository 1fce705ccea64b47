#include "simulators/truth.h"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <vector>

#include "core/time.h"
#include "simulators/alert_rule.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr AlertRule kRule{"Hot", "engine_coolant_celsius", 100, 90, 1, 5};

UtcTime At(double second) {
  return UtcTime{seconds{1'700'000'000}} + milliseconds{static_cast<int>(second * 1000)};
}

/// What is expected of a sensor that shows `curve` of the second, twice a second for a minute.
std::vector<ExpectedChange> Expected(const std::function<double(double)>& curve) {
  AlertTruth truth("v", kRule, {});
  for (int sample = 0; sample < 120; ++sample) {
    const double second = 0.25 + 0.5 * sample;
    truth.Add(At(second), curve(second));
  }
  truth.Finish();
  return truth.Take();
}

TEST_CASE("AlertTruth: a mean beyond the threshold fires, and below the lower one resolves") {
  // Ten seconds to fill the window with 120 after 80: the mean is 99 after 4.75 s, 101 after 5.25.
  const auto changes = Expected([](double s) { return s < 20 || s > 40 ? 80.0 : 120.0; });
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].change == AlertChange::kFiring);
  CHECK(changes[0].earliest == At(25));
  CHECK(changes[0].latest == At(27));
  CHECK(changes[0].required);
  CHECK(changes[1].change == AlertChange::kResolved);
  CHECK(changes[1].earliest == At(48));
  CHECK(changes[1].latest == At(49));
  CHECK(changes[1].required);
}

TEST_CASE("AlertTruth: a calm sensor gives no alert") {
  CHECK(Expected([](double) { return 95.0; }).empty());
}

TEST_CASE("AlertTruth: within the margin of the threshold everything is open") {
  const auto changes = Expected([](double s) { return s < 20 || s > 40 ? 80.0 : 100.5; });
  REQUIRE(changes.size() == 2);
  CHECK_FALSE(changes[0].required);
  CHECK_FALSE(changes[1].required);
}

TEST_CASE("AlertTruth: too few samples never fire") {
  AlertTruth truth("v", kRule, {});
  for (int second = 0; second < 60; second += 3) truth.Add(At(second), 150);
  truth.Finish();
  CHECK(truth.Take().empty());
}

TEST_CASE("AlertTruth: what the emptying window may bring is open") {
  const auto changes = Expected([](double s) { return s < 57 ? 120.0 : 20.0; });
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].required);
  CHECK(changes[1].change == AlertChange::kResolved);
  CHECK_FALSE(changes[1].required);
}

TEST_CASE("AlertTruth: the windows are left-open") {
  AlertTruth truth("v", AlertRule{"Hot", "x", 100, 90, 0, 1}, {});
  truth.Add(At(0), 200);
  for (int second = 1; second <= 30; ++second) truth.Add(At(second), 80);
  truth.Finish();
  const auto changes = truth.Take();
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].earliest == At(0));
  // At 10 s the window is (0, 10]: the 200 has left, and 80 alone is below 90.
  CHECK(changes[1].earliest == At(10));
}

}  // namespace
}  // namespace fleet_edge::simulators
