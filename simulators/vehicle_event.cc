#include "simulators/vehicle_event.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace fleet_edge::simulators {
namespace {

using Kind = VehicleEvent::Kind;

struct Entry {
  Kind kind;
  std::string_view name;
  EventAmount amount{};
};

constexpr std::array kEntries{
    Entry{Kind::kCoolerFails, "cooler_fails"},
    Entry{Kind::kDoorOpens, "door_opens"},
    Entry{Kind::kFire, "fire", {"kW into the zone", 0, 1'000}},
    Entry{Kind::kFanFails, "fan_fails"},
    Entry{Kind::kThermostatSticks, "thermostat_sticks"},
    Entry{Kind::kPumpFails, "pump_fails"},
    Entry{Kind::kAlternatorFails, "alternator_fails"},
    Entry{Kind::kSpeeds, "speeds", {"km/h aimed at", 0, 200}},
    Entry{Kind::kIdles, "idles"},
    Entry{Kind::kParks, "parks"},
    Entry{Kind::kRoughRoad, "rough_road", {"m/s² of standard deviation at 72 km/h", 0, 20}},
    Entry{Kind::kTunnel, "tunnel"},
    Entry{Kind::kFreezes, "freezes"},
    Entry{Kind::kDrifts, "drifts", {"units a minute", -1'000, 1'000}},
    Entry{Kind::kSpikes, "spikes", {"units", -10'000, 10'000}},
    Entry{Kind::kLies, "lies", {"units", -10'000, 10'000}},
    Entry{Kind::kApproaches, "approaches", {"units in the end", -10'000, 10'000}},
    Entry{Kind::kSilent, "silent"},
    Entry{Kind::kRoaming, "roaming"},
    Entry{Kind::kHubDown, "hub_down"},
    Entry{Kind::kPowerCut, "power_cut"},
};

const Entry& EntryOf(Kind kind) { return *std::ranges::find(kEntries, kind, &Entry::kind); }

}  // namespace

std::string_view NameOf(Kind kind) { return EntryOf(kind).name; }

std::optional<Kind> VehicleEventKindOf(std::string_view name) {
  const auto* const found = std::ranges::find(kEntries, name, &Entry::name);
  if (found == kEntries.end()) return std::nullopt;
  return found->kind;
}

bool IsOfSensor(Kind kind) { return kind >= Kind::kFreezes && kind <= Kind::kSilent; }

bool IsOfHarness(Kind kind) { return kind >= Kind::kRoaming; }

EventAmount AmountOf(Kind kind) { return EntryOf(kind).amount; }

}  // namespace fleet_edge::simulators
