#include "simulators/display.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

constexpr UtcTime kArrived{std::chrono::seconds{1'700'000'001}};
constexpr const char* kFiring =
    R"({"alert":"CargoOverheat","state":"firing","severity":"warning","at":"2023-11-14T22:13:20Z"})";

TEST_CASE("Display: an alert on the driver's display is read") {
  const auto shown = ReadDisplay("fleet/vehicles", "fleet/vehicles/tanker-1/alerts/CargoOverheat/2",
                                 kFiring, kArrived);
  REQUIRE(shown);
  CHECK(shown->vehicle == "tanker-1");
  CHECK(shown->alert == "CargoOverheat");
  CHECK(shown->change == AlertChange::kFiring);
  CHECK(shown->at == UtcTime{std::chrono::seconds{1'700'000'000}});
  CHECK(shown->arrived == kArrived);
}

TEST_CASE("Display: what is no change of an alert is left out") {
  const auto read = [](const char* topic, const char* payload) {
    return ReadDisplay("vehicles", topic, payload, kArrived).has_value();
  };
  CHECK(read("vehicles/a/alerts/X", kFiring));
  CHECK_FALSE(read("vehicles/a/alerts/X", ""));
  CHECK_FALSE(read("vehicles/a/alerts/X", "[1]"));
  CHECK_FALSE(read("vehicles/a/alerts/X", R"({"alert":"X","state":"firing","at":"noon"})"));
  CHECK_FALSE(read("vehicles/a/alerts/X",
                   R"({"alert":"X","state":"pending","at":"2023-11-14T22:13:20Z"})"));
  CHECK_FALSE(read("vehiclesb/a/alerts/X", kFiring));
  CHECK_FALSE(read("other/a/alerts/X", kFiring));
}

}  // namespace
}  // namespace fleet_edge::simulators
