#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {

/// Something that happens to a vehicle or its sensors for a while. A value.
struct VehicleEvent {
  enum class Kind {
    // To the vehicle.
    kCoolerFails,
    kDoorOpens,
    kFire,  ///< at the container; `by` kW
    kFanFails,
    kThermostatSticks,  ///< closed
    kPumpFails,
    kAlternatorFails,
    kSpeeds,     ///< at `by` km/h, whatever the limiter says
    kIdles,      ///< stops, the engine runs
    kParks,      ///< stops, the ignition goes off
    kRoughRoad,  ///< `by` m/s² of standard deviation at 72 km/h
    kTunnel,
    // To what a sensor shows.
    kFreezes,     ///< at what it showed last
    kDrifts,      ///< by `by` units a minute
    kSpikes,      ///< by `by` units, for a second of every twenty
    kLies,        ///< by `by` units
    kApproaches,  ///< `by`, with the lag of a probe that is warmed
    kSilent,      ///< says nothing
    // To what is around it: nothing changes in the vehicle, a harness acts.
    kRoaming,
    kHubDown,
    kPowerCut,
  };

  Kind kind = Kind::kCoolerFails;
  double begin_s = 0;  ///< since the start of the run
  double end_s = std::numeric_limits<double>::infinity();
  int zone = 0;             ///< of the container, from 1; 0: all of them
  std::string signal = {};  ///< of the catalogue; what a sensor's event is about
  double by = 0;

  bool Holds(double seconds) const { return begin_s <= seconds && seconds < end_s; }
};

/// As scenario files write it: `cooler_fails`.
std::string_view NameOf(VehicleEvent::Kind kind);
std::optional<VehicleEvent::Kind> VehicleEventKindOf(std::string_view name);

/// True for events that change what a sensor shows, and nothing else.
bool IsOfSensor(VehicleEvent::Kind kind);

/// True for events on which a harness acts, not the vehicle.
bool IsOfHarness(VehicleEvent::Kind kind);

/// What `by` means, and its range: far beyond what vehicles do, and still numbers.
struct EventAmount {
  std::string_view unit{};  ///< in words; empty for events that take none
  double lowest = 0;
  double highest = 0;
};
EventAmount AmountOf(VehicleEvent::Kind kind);

}  // namespace fleet_edge::simulators
