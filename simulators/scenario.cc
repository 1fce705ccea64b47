#include "simulators/scenario.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "simulators/expectation.h"
#include "simulators/json_writer.h"
#include "simulators/physics/driver.h"
#include "simulators/physics/vehicle_kind.h"
#include "simulators/physics/weather.h"
#include "simulators/roads.h"
#include "simulators/state_signal.h"
#include "simulators/vehicle.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr int kMaxZones = 16;
constexpr int kMaxVehicles = 10'000;  // in all
constexpr std::size_t kMaxEvents = 1'000;
constexpr std::string_view kNameLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr Duration kMaxDuration = std::chrono::hours{24 * 7};

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

/// Reports a value outside of [lowest, highest].
void CheckRange(Section& section, std::string_view key, double value, double lowest,
                double highest) {
  if (value >= lowest && value <= highest) return;
  const auto text = [](double number) {
    JsonWriter json;
    return json.Value(number).text();
  };
  section.Fail(key, "out of its range", "Write " + text(lowest) + " to " + text(highest));
}

/// A sensor's event names a signal that there is; others name none.
void CheckSignal(Section& section, const VehicleEvent& event) {
  VehicleState state;
  state.cargo_celsius.resize(kMaxZones);
  state.tire_kpa.resize(1);
  if (!IsOfSensor(event.kind)) {
    if (!event.signal.empty()) {
      section.Fail("signal", "this event is not about a sensor", "Take `signal` away");
    }
    return;
  }
  const bool receiver = event.signal == kGnss && event.kind == VehicleEvent::Kind::kSilent;
  if (!receiver && FieldOf(state, event.signal) == nullptr) {
    section.Fail("signal", "no sensor shows " + Quoted(event.signal),
                 "Name a signal of the catalogue that is a number; `gnss` can be silent");
  }
}

void CheckAmount(Section& section, VehicleEvent::Kind kind, const std::optional<double>& by) {
  const EventAmount amount = AmountOf(kind);
  const std::string unit(amount.unit);
  if (unit.empty() && by) {
    section.Fail("by", "this event takes no amount", "Take `by` away");
  } else if (!unit.empty() && !by) {
    section.Fail("by", Quoted(NameOf(kind)) + " needs an amount", "Add `by:`, in " + unit);
  } else if (by) {
    CheckRange(section, "by", *by, amount.lowest, amount.highest);
  }
}

/// Vehicles have names of their own, and what is told of one is of one that there is.
void CheckNames(Section& section, const Scenario& scenario) {
  std::set<std::string> names;
  for (const Scenario::Member& member : scenario.Members()) {
    if (!names.insert(member.setup.id).second) {
      section.Fail("vehicles", "two are called " + Quoted(member.setup.id), "Give them a `name`");
    }
  }
  const auto check = [&](const std::string& vehicle, Position position) {
    if (vehicle.empty() || names.contains(vehicle)) return;
    section.context().Fail(position, "there is no vehicle " + Quoted(vehicle),
                           "They are called NAME-1, NAME-2, …");
  };
  for (const Scenario::Event& event : scenario.events) check(event.vehicle, event.position);
  for (const Expectation::Alert& alert : scenario.expect.must) check(alert.vehicle, alert.position);
  for (const Expectation::Alert& alert : scenario.expect.may) check(alert.vehicle, alert.position);
}

}  // namespace

void Describe(Section& section, Driver::Habits& habits) {
  section.Key("aggressiveness", habits.aggressiveness,
              "Scales acceleration and braking; above 1 the driver brakes late. 0.5 to 2.");
  section.Key("overspeed_percent", habits.overspeed_percent,
              "By how much the driver is faster than the cycle; the limiter still holds.");
  CheckRange(section, "aggressiveness", habits.aggressiveness, 0.5, 2);
  CheckRange(section, "overspeed_percent", habits.overspeed_percent, -50, 100);
}

void Describe(Section& section, Weather& weather) {
  section.Key("mean_celsius", weather.mean_celsius, "Of the day.");
  section.Key("swing_celsius", weather.swing_celsius, "Above and below; warmest at 15 h.");
  section.Key("sun_k", weather.sun_k, "By which the sun warms a container's wall at noon.");
  CheckRange(section, "mean_celsius", weather.mean_celsius, -50, 50);
  CheckRange(section, "swing_celsius", weather.swing_celsius, 0, 30);
  CheckRange(section, "sun_k", weather.sun_k, 0, 50);
}

void Describe(Section& section, Scenario::Group& group) {
  std::string kind = "tanker";
  section.Require("kind", kind, "tanker, cab or reefer.");
  if (section.reading()) {
    if (const auto known = VehicleKindOf(kind)) {
      group.kind = *known;
    } else {
      section.Fail("kind", "there is no kind " + Quoted(kind), "Write tanker, cab or reefer");
    }
  }
  group.name = kind;
  group.zones = ParametersOf(group.kind).zones;
  section.Key("name", group.name, "Of the vehicles: NAME-1, NAME-2, …; without it the kind's.");
  section.Key("count", group.count, "How many.");
  section.Key("cycle", group.cycle, "Whose speeds they follow: udds, us06 or track.");
  section.Key("driver", group.driver, "Their drivers' habits.");
  section.Key("zones", group.zones, "Of the container; without it the kind's.");
  section.Key("cold", group.cold, "They start with a cold engine and without a fix.");
  CheckRange(section, "count", static_cast<double>(group.count), 1, kMaxVehicles);
  CheckRange(section, "zones", group.zones, 0, kMaxZones);
  // It becomes part of topics and of files' names.
  if (group.name.empty() || group.name.find_first_not_of(kNameLetters) != std::string::npos) {
    section.Fail("name", Quoted(group.name) + " is no name", "Write letters, digits, - and _");
  }
  if (group.cycle != "udds" && group.cycle != "us06" && group.cycle != "track") {
    section.Fail("cycle", "there is no cycle " + Quoted(group.cycle),
                 "Write one of " + std::string(kCycleNames));
  }
}

void Describe(Section& section, Scenario::Event& event) {
  std::string kind;
  Duration at{};
  Duration lasts{};
  std::optional<double> by;
  section.Require("event", kind, "What happens; simulators/README.md lists what there is.");
  section.Key("at", at, "When it begins, since the start.");
  section.Key("for", lasts, "How long; without it, to the end.");
  section.Key("vehicle", event.vehicle, "To which; without it to all.");
  section.Key("zone", event.event.zone, "Of the container, from 1; without it all.");
  section.Key("signal", event.event.signal, "Which sensor; of the catalogue, or `gnss`.");
  section.Key("by", by, "How much; the list of events says in what.");
  if (!section.reading()) return;
  event.position = section.PositionOf("event");
  CheckRange(section, "zone", event.event.zone, 0, kMaxZones);
  event.event.begin_s = ToSeconds(at);
  if (lasts != Duration::zero()) event.event.end_s = ToSeconds(at + lasts);
  event.event.by = by.value_or(0);
  const auto known = VehicleEventKindOf(kind);
  if (!known) {
    section.Fail("event", "there is no event " + Quoted(kind),
                 "simulators/README.md lists what there is");
    return;
  }
  event.event.kind = *known;
  CheckAmount(section, *known, by);
  CheckSignal(section, event.event);
}

void Describe(Section& section, Scenario& scenario) {
  std::string start = ToString(scenario.start);
  section.Require("about", scenario.about, "What this is about, in a sentence.");
  section.Key("seed", scenario.seed, "The same seed gives the same vehicles.");
  section.Key("duration", scenario.duration, "How long.");
  section.Key("start", start,
              "The recording's first instant, ISO 8601; its hour is the local one.");
  section.Key("weather", scenario.weather, "The air and the sun.");
  section.Require("vehicles", scenario.groups, "Who drives.");
  section.Key("events", scenario.events, "What happens, and when.");
  section.Key("expect", scenario.expect, "Which alerts follow.");
  if (!section.reading()) return;
  if (const auto time = ParseUtcTime(start)) {
    scenario.start = *time;
  } else {
    section.Fail("start", Quoted(start) + " is no time", "Write 2026-07-14T10:00:00Z");
  }
  if (scenario.duration <= Duration::zero() || scenario.duration > kMaxDuration) {
    section.Fail("duration", "out of its range", "Write 1s to 7d");
  }
  if (scenario.groups.empty()) section.Fail("vehicles", "nobody drives", "Add a vehicle");
  if (scenario.events.size() > kMaxEvents) {
    section.Fail("events", "more than a thousand", "Make two scenarios of it");
  }
  double vehicles = 0;
  for (const Scenario::Group& group : scenario.groups) vehicles += static_cast<double>(group.count);
  if (vehicles > kMaxVehicles) {
    section.Fail("vehicles", "more than ten thousand", "Lower a `count`");
  }
  // Members that can't be are not looked at.
  if (HasErrors(section.context().diagnostics)) return;
  CheckNames(section, scenario);
}

std::vector<Scenario::Member> Scenario::Members() const {
  const auto midnight = std::chrono::floor<std::chrono::days>(start);
  std::vector<Member> members;
  for (const Group& group : groups) {
    for (std::int64_t number = 1; number <= group.count; ++number) {
      Vehicle::Setup setup{.id = group.name + "-" + std::to_string(number),
                           .seed = seed,
                           .zones = group.zones,
                           .anomalies = {},
                           .kind = group.kind,
                           .events = {},
                           .driver = group.driver,
                           .weather = weather,
                           .hour = ToSeconds(start - midnight) / 3600,
                           .cold = group.cold};
      for (const Event& event : events) {
        if (event.vehicle.empty() || event.vehicle == setup.id) {
          setup.events.push_back(event.event);
        }
      }
      members.push_back({.setup = std::move(setup), .cycle = group.cycle});
    }
  }
  return members;
}

Scenario ParseScenario(const std::string& text, const std::string& file, Diagnostics& diagnostics) {
  Scenario scenario;
  const YamlNode root = ParseYaml(text, file, diagnostics);
  if (HasErrors(diagnostics)) return scenario;
  Section::Read(root, {.file = file, .diagnostics = diagnostics}, scenario);
  return scenario;
}

Scenario LoadScenario(const std::string& path) {
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    throw std::runtime_error("can't read the scenario " + path + ". Check path and permissions");
  }
  Diagnostics diagnostics;
  Scenario scenario = ParseScenario(text, path, diagnostics);
  if (!HasErrors(diagnostics)) return scenario;
  std::string wrong = "the scenario can't be used";
  for (const Diagnostic& diagnostic : diagnostics) wrong += "\n" + ToString(diagnostic);
  throw std::runtime_error(wrong);
}

}  // namespace fleet_edge::simulators
