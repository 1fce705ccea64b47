#include "simulators/physics/vehicle_kind.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "simulators/physics/cooling.h"
#include "simulators/physics/electrics.h"
#include "simulators/physics/powertrain.h"

namespace fleet_edge::simulators {
namespace {

using Named = std::pair<VehicleKind, std::string_view>;
constexpr std::array kNames{Named{VehicleKind::kTanker, "tanker"}, Named{VehicleKind::kCab, "cab"},
                            Named{VehicleKind::kReefer, "reefer"}};

// "Chosen" is what no source gives: within what such vehicles commonly show.

/// Two batteries of 12 V in series, 225 Ah (SHD B type).
constexpr Electrics::Parameters kTruckElectrics{
    .alternator_volts = 28.2,  // ISO 16750-2: 28 V with the generator in operation
    .full_volts = 25.5,        // lead: 2.12 V a cell full …
    .empty_volts = 23.4,       // … and 1.95 V empty
    .capacity_ah = 225,
    .resistance_ohm = 0.008,  // chosen: cranking takes it down to about 19 V
    .load_a = 45,             // chosen
    .parked_a = 1,            // chosen
    .cranking_a = 800};       // chosen

constexpr Electrics::Parameters kCarElectrics{
    .alternator_volts = 14.2,  // ISO 16750-2: 14 V with the generator in operation
    .full_volts = 12.75,
    .empty_volts = 11.7,
    .capacity_ah = 60,
    .resistance_ohm = 0.008,
    .load_a = 50,  // chosen: lights, fans, air conditioning
    .parked_a = 0.3,
    .cranking_a = 300};

/// A 13-litre diesel of 350 kW. Brake thermal efficiency 43 %, and of the heat of the fuel some
/// 20 % go into the coolant: Heywood, Internal Combustion Engine Fundamentals, table 12.1, 16 to
/// 35 % for diesels.
constexpr Cooling::Parameters kTruckCooling{.capacity_kj_k = 450,  // chosen: 1 t of iron, 40 l
                                            .idle_heat_kw = 8,     // chosen
                                            .heat_per_kw = 0.45,
                                            .opens_celsius = 82,  // typical for trucks
                                            .open_celsius = 95,
                                            .still_kw_k = 0.2,  // chosen: full power at 40 °C holds
                                            .wind_kw_k = 0.1,
                                            .fan_kw_k = 1.6,
                                            .fan_on_celsius = 97,
                                            .fan_off_celsius = 92,
                                            .block_kw_k = 0.04};

Powertrain::Parameters Truck(double mass_kg, double drag_m2, double power_kw) {
  return {.mass_kg = mass_kg,
          .rolling = 0.006,  // EU label class C of long-haul tyres: 0.0051 to 0.006
          .drag_m2 = drag_m2,
          .power_kw = power_kw,
          .rated_rpm = 1'400,  // chosen: power is flat from there up to 1,800
          .idle_rpm = 600,
          .shift_up_rpm = 1'500,
          .shift_down_rpm = 1'000,
          .wheel_radius_m = 0.5,  // 315/70 R 22.5
          .axle_ratio = 2.85,
          // ZF 12 AS 2331 TD
          .gears = {15.86, 12.33, 9.57, 7.44, 5.87, 4.57, 3.47, 2.70, 2.10, 1.63, 1.29, 1.00},
          .auxiliary_kw = 6,      // chosen
          .idle_fuel_g_s = 0.55,  // 2.4 l/h: Argonne's idling table gives 0.6 gal/h and more
          .fuel_g_kwh = 185,      // chosen: 195 to 200 g/kWh at cruise with the idle's share
          .tank_l = 600};
}

VehicleParameters Tanker() {
  return {.comfort = {.accelerate = 0.9, .brake = 1.3, .corner = 1.2},  // chosen: liquid surges
          .limiter_kmh = 85,                      // 92/6/EEC asks for 90 at most; hauliers set less
          .powertrain = Truck(32'000, 5.5, 350),  // drag: VECTO's generic tractor with trailer
          .cooling = kTruckCooling,
          .electrics = kTruckElectrics,
          .zone = {.air_kj_k = 600,         // chosen: vapour, shell and what clings to it
                   .product_kj_k = 16'000,  // 8 t of petrol at 2.0 kJ/kgK
                   .product_kw_k = 0.6,     // chosen
                   .wall_kw_k = 0.15,       // 25 m² of bare shell at 6 W/m²K
                   .cooler_kw = 0,
                   .setpoint_celsius = 0,
                   .band_celsius = 1,
                   .door_height_m = 0,
                   .door_area_m2 = 0},
          .zones = 2,
          .tire_kpa = 850};
}

VehicleParameters Reefer() {
  return {.comfort = {.accelerate = 1.0, .brake = 1.5, .corner = 1.8},  // chosen
          .limiter_kmh = 88,
          .powertrain = Truck(14'000, 5.0, 210),
          .cooling = {.capacity_kj_k = 300,
                      .idle_heat_kw = 6,
                      .heat_per_kw = 0.45,
                      .opens_celsius = 82,
                      .open_celsius = 95,
                      .still_kw_k = 0.15,
                      .wind_kw_k = 0.08,
                      .fan_kw_k = 1.2,
                      .fan_on_celsius = 97,
                      .fan_off_celsius = 92,
                      .block_kw_k = 0.03},
          .electrics = kTruckElectrics,
          // ATP: a heavily insulated body has K ≤ 0.40 W/m²K; 90 m² of it, new: 0.036 kW/K. The
          // capacity of the unit is typical of such bodies at 0/30 °C.
          .zone = {.air_kj_k = 350,        // chosen: 45 m³ of air, lining and evaporator
                   .product_kj_k = 7'000,  // 2 t of produce at 3.5 kJ/kgK
                   .product_kw_k = 0.35,   // chosen
                   .wall_kw_k = 0.036,
                   .cooler_kw = 7,
                   .setpoint_celsius = 5,
                   .band_celsius = 0.8,
                   .door_height_m = 2.4,
                   .door_area_m2 = 5.8},
          .zones = 1,
          .tire_kpa = 800};
}

VehicleParameters Cab() {
  return {.comfort = {.accelerate = 2.0, .brake = 2.0, .corner = 2.5},  // chosen
          .limiter_kmh = 180,
          .powertrain = {.mass_kg = 1'550,
                         .rolling = 0.009,  // EU label class C: 0.0078 to 0.009
                         .drag_m2 = 0.65,   // 0.29 times 2.2 m²
                         .power_kw = 85,
                         .rated_rpm = 3'000,
                         .idle_rpm = 800,
                         .shift_up_rpm = 2'400,
                         .shift_down_rpm = 1'300,
                         .wheel_radius_m = 0.31,  // 205/55 R 16
                         .axle_ratio = 3.4,       // typical of a compact diesel, as its gears
                         .gears = {3.8, 2.1, 1.35, 0.95, 0.75, 0.62},
                         .auxiliary_kw = 2.5,
                         .idle_fuel_g_s = 0.14,  // 0.6 l/h
                         .fuel_g_kwh = 215,
                         .tank_l = 50},
          .cooling = {.capacity_kj_k = 90,  // chosen: 180 kg of iron and aluminium, 7 l
                      .idle_heat_kw = 2.5,
                      .heat_per_kw = 0.5,
                      .opens_celsius = 83,
                      .open_celsius = 93,
                      .still_kw_k = 0.02,
                      .wind_kw_k = 0.03,
                      .fan_kw_k = 0.25,
                      .fan_on_celsius = 97,
                      .fan_off_celsius = 92,
                      .block_kw_k = 0.008},
          .electrics = kCarElectrics,
          .zone = {},
          .zones = 0,
          .tire_kpa = 230};
}

}  // namespace

std::string_view NameOf(VehicleKind kind) {
  return std::ranges::find(kNames, kind, &Named::first)->second;
}

std::optional<VehicleKind> VehicleKindOf(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name, &Named::second);
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

VehicleParameters ParametersOf(VehicleKind kind) {
  switch (kind) {
    case VehicleKind::kTanker:
      return Tanker();
    case VehicleKind::kCab:
      return Cab();
    case VehicleKind::kReefer:
      return Reefer();
  }
  return Tanker();
}

}  // namespace fleet_edge::simulators
