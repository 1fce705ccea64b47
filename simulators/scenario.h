#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "simulators/expectation.h"
#include "simulators/physics/driver.h"
#include "simulators/physics/vehicle_kind.h"
#include "simulators/physics/weather.h"
#include "simulators/roads.h"
#include "simulators/vehicle.h"
#include "simulators/vehicle_event.h"

namespace fleet_edge::simulators {

/// A scenario file: who drives, what happens when, and which alerts follow. A value.
struct Scenario {
  /// Vehicles of one sort.
  struct Group {
    VehicleKind kind = VehicleKind::kTanker;
    std::string name;  ///< of the vehicles: NAME-1, NAME-2, …; the kind's, unless given
    std::int64_t count = 1;
    std::string cycle = "udds";
    Driver::Habits driver;
    int zones = 0;  ///< of the container; the kind's, unless given
    bool cold = false;
  };

  struct Event {
    VehicleEvent event;
    std::string vehicle;  ///< empty: all
    Position position;    ///< in the file
  };

  std::string about;
  std::uint64_t seed = 1;
  Duration duration = std::chrono::minutes{10};
  UtcTime start{std::chrono::sys_days{std::chrono::year{2026} / 7 / 14} + std::chrono::hours{10}};
  Weather weather;
  std::vector<Group> groups;
  std::vector<Event> events;
  Expectation expect;

  /// All vehicles in the file's order, each with its events.
  struct Member {
    Vehicle::Setup setup;
    std::string cycle;  ///< of Roads
  };
  std::vector<Member> Members() const;
};

void Describe(Section& section, Scenario& scenario);

/// Reads a scenario from `text`, whose file is called `file`. What is wrong is added to
/// `diagnostics`; the scenario must then not be used.
Scenario ParseScenario(const std::string& text, const std::string& file, Diagnostics& diagnostics);

/// Reads the file. Throws std::runtime_error with all that is wrong, a line each.
Scenario LoadScenario(const std::string& path);

}  // namespace fleet_edge::simulators
