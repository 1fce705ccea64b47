// The rules that ship for tankers, on made-up trips and on the EPA's drive cycles.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "rules/alert_event.h"
#include "rules/engine.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {
namespace {

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class TankerWorld : public RuleWorld {
 public:
  TankerWorld() : RuleWorld(TextOf("rules/examples/tanker/tanker.yaml")) { AdvanceTo(0); }

  /// One value a second, each evaluated as it comes.
  void Drive(std::string_view signal, const Labels& labels, double value, int seconds) {
    for (int i = 0; i < seconds; ++i) {
      ++now_;
      Add(now_, signal, value, labels);
      AdvanceTo(now_ + 0.5);
    }
  }

  /// Nothing comes.
  void Wait(int seconds) { AdvanceTo((now_ += seconds) + 0.5); }

 private:
  double now_ = 0;
};

constexpr std::string_view kCoolant = "engine_coolant_celsius";

/// Speeds in m/s, one a second.
std::vector<double> Cycle(const std::string& name) {
  std::stringstream text(TextOf("simulators/recordings/" + name + ".csv"));
  std::string line;
  std::getline(text, line);
  REQUIRE(line.starts_with("cycSecs,cycMps"));
  std::vector<double> speeds;
  while (std::getline(text, line)) speeds.push_back(std::stod(line.substr(line.find(',') + 1)));
  return speeds;
}

/// The instants at which braking is at or below `limit` m/s², and how often an alert on it fires.
struct Braking {
  std::size_t seconds = 0;
  std::size_t alerts = 0;
};

Braking BrakingOn(const std::string& cycle, const std::string& limit) {
  const std::string expr = "'deriv(vehicle_speed_kmh[2s]) / 3.6 <= " + limit + "'";
  RuleWorld world("groups: [{name: g, interval: 1s, rules: [{alert: HarshBraking, expr: " + expr +
                  "}, {record: braking, expr: " + expr + "}]}]");
  const std::vector<double> speeds = Cycle(cycle);
  world.AdvanceTo(0);
  double now = 0;
  for (const double speed : speeds) {
    world.Add(++now, "vehicle_speed_kmh", speed * 3.6);
    world.AdvanceTo(now);
  }
  world.AdvanceTo(now + 10);
  const Changes changes = world.Take();
  const auto fired = std::ranges::count(changes.alerts, AlertState::kFiring, &AlertEvent::state);
  return {changes.recorded.size(), static_cast<std::size_t>(fired)};
}

}  // namespace

TEST_CASE("Tanker: an overheating engine is told within the window and cleared below 98 °C") {
  TankerWorld world;
  world.Drive(kCoolant, {}, 90, 60);
  world.Drive(kCoolant, {}, 104.9, 60);
  CHECK(world.TakeEvents().empty());
  world.Drive(kCoolant, {}, 106, 10);
  CHECK(world.TakeEvents() == Texts{"121 EngineOverheat{severity=\"critical\"} firing"});
  world.Drive(kCoolant, {}, 99, 60);
  world.Wait(60);
  CHECK(world.TakeEvents().empty());
  world.Drive(kCoolant, {}, 97, 1);
  CHECK(world.TakeEvents() == Texts{"251 EngineOverheat{severity=\"critical\"} resolved"});
}

TEST_CASE("Tanker: four hot values are no mean") {
  TankerWorld world;
  world.Drive(kCoolant, {}, 110, 4);
  world.Wait(60);
  CHECK(world.TakeEvents().empty());
}

TEST_CASE("Tanker: each cargo zone warns for itself") {
  TankerWorld world;
  world.Drive("cargo_celsius", {{"zone", "1"}}, 20, 20);
  world.Drive("cargo_celsius", {{"zone", "2"}}, 46, 5);
  const std::vector<AlertEvent> alerts = world.Take().alerts;
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].labels == Labels{{"severity", "warning"}, {"zone", "2"}});
  CHECK(alerts[0].annotations.Get("summary") == "Cargo zone 2 at 46 °C");
  CHECK(alerts[0].notify == Texts{"driver", "fleet"});
  world.Drive("cargo_celsius", {{"zone", "2"}}, 43, 20);
  CHECK(world.TakeEvents().empty());
  world.Drive("cargo_celsius", {{"zone", "2"}}, 41, 20);
  CHECK(world.TakeEvents() == Texts{"51 CargoOverheat{severity=\"warning\",zone=\"2\"} resolved"});
}

TEST_CASE("Tanker: the mean of each zone is recorded every ten seconds") {
  TankerWorld world;
  world.Drive("cargo_celsius", {{"zone", "1"}, {"sensor", "a"}}, 20, 25);
  const std::vector<Reading> recorded = world.Take().recorded;
  REQUIRE(recorded.size() == 2);
  CHECK(ToString(*recorded[1].series) == "cargo:celsius:avg10s{zone=\"1\"}");
  CHECK(recorded[1].value == 20);
  CHECK(recorded[1].time == At(20));
}

TEST_CASE("Tanker: speeding is told above 90 km/h and cleared below 85") {
  TankerWorld world;
  world.Drive("vehicle_speed_kmh", {}, 90, 30);
  CHECK(world.TakeEvents().empty());
  world.Drive("vehicle_speed_kmh", {}, 95, 30);
  CHECK(world.TakeEvents() == Texts{"31 Overspeed{severity=\"warning\"} firing"});
  world.Drive("vehicle_speed_kmh", {}, 86, 30);
  CHECK(world.TakeEvents().empty());
  world.Drive("vehicle_speed_kmh", {}, 80, 30);
  CHECK(world.TakeEvents() == Texts{"92 Overspeed{severity=\"warning\"} resolved"});
}

TEST_CASE("Tanker: harsh braking on the EPA's cycles, over steps of one second") {
  CHECK(BrakingOn("udds", "-2.7").seconds == 0);
  CHECK(BrakingOn("udds", "-2.0").seconds == 0);
  CHECK(BrakingOn("us06", "-2.7").seconds == 2);
  CHECK(BrakingOn("us06", "-2.7").alerts == 2);
  CHECK(BrakingOn("us06", "-2.0").seconds == 27);
  CHECK(BrakingOn("us06", "-2.0").alerts == 10);  // steps in a row are one alert
}

}  // namespace fleet_edge::rules
