#include "core/signal.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>

#include "core/nearest.h"

namespace fleet_edge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Units, ranges and paths: COVESA Vehicle Signal Specification 6.0; ranges are those that the
// vehicle's buses can carry (SAE J1939-71 and SAE J1979), or physics allows.
constexpr std::array kCatalogue{
    Signal{1, "vehicle_speed_kmh", "km/h", "Vehicle.Speed", "Speed by the wheels.", 0, 400, 2,
           seconds{1}},
    Signal{2, "engine_coolant_celsius", "°C",
           "Vehicle.Powertrain.CombustionEngine.EngineCoolant.Temperature",
           "Temperature of the engine's coolant.", -50, 215, 1, seconds{1}},
    Signal{3, "engine_rpm", "rpm", "Vehicle.Powertrain.CombustionEngine.Speed",
           "Speed of the engine's crankshaft.", 0, 16'384, 1, seconds{1}},
    Signal{4, "ambient_celsius", "°C", "Vehicle.Exterior.AirTemperature",
           "Temperature of the air outside.", -60, 85, 1, seconds{10}},
    Signal{5, "cargo_celsius", "°C", "Vehicle.Cargo.Zone1.AirTemperature",
           "Temperature in the container; label zone. VSS overlay, Zone1 stands for the zone.",
           -100, 300, 1, seconds{1}},
    Signal{6, "latitude_deg", "°", "Vehicle.CurrentLocation.Latitude",
           "Latitude, WGS 84, north positive.", -90, 90, 7, seconds{1}},
    Signal{7, "longitude_deg", "°", "Vehicle.CurrentLocation.Longitude",
           "Longitude, WGS 84, east positive.", -180, 180, 7, seconds{1}},
    Signal{8, "altitude_m", "m", "Vehicle.CurrentLocation.Altitude", "Height above mean sea level.",
           -500, 10'000, 1, seconds{1}},
    Signal{9, "heading_deg", "°", "Vehicle.CurrentLocation.Heading",
           "Course over ground, clockwise from true north.", 0, 360, 2, seconds{1}},
    Signal{10, "gnss_speed_kmh", "km/h", "", "Speed over ground by GNSS.", 0, 400, 2, seconds{1}},
    Signal{11, "gnss_hdop", "", "", "Horizontal dilution of precision.", 0, 99.99, 2, seconds{1}},
    Signal{12, "gnss_satellites", "", "", "Satellites used in the fix.", 0, 255, 0, seconds{1}},
    Signal{13, "gnss_fix", "", "Vehicle.CurrentLocation.GNSSReceiver.FixType",
           "0 unknown, 1 none, 2 two-dimensional, 3 three-dimensional.", 0, 3, 0, seconds{1}},
    Signal{14, "odometer_km", "km", "Vehicle.TraveledDistance", "Distance travelled in all.", 0,
           21'055'406, 3, seconds{10}},
    Signal{15, "fuel_percent", "%", "Vehicle.Powertrain.FuelSystem.RelativeLevel",
           "Fuel in the tank, of its capacity.", 0, 100, 1, seconds{10}},
    Signal{16, "tire_kpa", "kPa", "Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure",
           "Pressure of a tire; labels axle and side. Row1 and Left stand for them.", 0, 2'000, 0,
           seconds{10}},
    Signal{17, "battery_volts", "V", "Vehicle.LowVoltageBattery.CurrentVoltage",
           "Voltage of the vehicle's supply.", 0, 60, 2, seconds{1}},
    Signal{18, "ignition_on", "", "Vehicle.LowVoltageSystemState",
           "1 with the ignition on, else 0.", 0, 1, 0, seconds{10}},
    Signal{19, "accel_longitudinal_mps2", "m/s²", "Vehicle.Acceleration.Longitudinal",
           "Acceleration forwards.", -160, 160, 3, milliseconds{100}},
    Signal{20, "accel_lateral_mps2", "m/s²", "Vehicle.Acceleration.Lateral",
           "Acceleration to the left.", -160, 160, 3, milliseconds{100}},
    Signal{21, "accel_vertical_mps2", "m/s²", "Vehicle.Acceleration.Vertical",
           "Acceleration upwards, gravity included.", -160, 160, 3, milliseconds{100}},
};

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

}  // namespace

std::span<const Signal> SignalCatalogue() { return kCatalogue; }

const Signal* FindSignal(std::string_view name) {
  const auto* const found = std::ranges::find(kCatalogue, name, &Signal::name);
  return found == kCatalogue.end() ? nullptr : found;
}

std::string_view NearestSignal(std::string_view name) {
  std::array<std::string_view, kCatalogue.size()> names;
  std::ranges::transform(kCatalogue, names.begin(), &Signal::name);
  return Nearest(name, names);
}

bool IsSignalName(std::string_view name) {
  return !name.empty() && IsNameStart(name.front()) &&
         std::ranges::all_of(name, [](char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); });
}

}  // namespace fleet_edge
