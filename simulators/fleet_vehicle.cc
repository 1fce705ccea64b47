#include "simulators/fleet_vehicle.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <string>

#include "core/signal.h"
#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kKmPerDegree = 111.2;  // of latitude

// A trouble comes up, stays until ten-second means have followed for long, and goes.
constexpr std::uint32_t kRampS = 10;
constexpr std::uint32_t kStayS = 16;
constexpr std::uint32_t kEpisodeS = 2 * kRampS + kStayS;
constexpr std::uint32_t kCalmS = 20;  // before it, at least
constexpr std::uint32_t kShortestCycleS = 150;
constexpr std::uint32_t kLongestCycleS = 300;

// What a trouble leads to, far beyond what the rules bear.
constexpr double kOverheatedCoolant = 122;
constexpr double kOverheatedCargo = 62;
constexpr double kSpeeding = 115;

// Purposes of random numbers; of noise it is the place of the series.
constexpr std::uint64_t kJitter = 100;
constexpr std::uint64_t kEpisodeBegin = 101;
constexpr std::uint64_t kEpisodeKind = 102;

enum Place : std::size_t {
  kSpeed,
  kCoolant,
  kRpm,
  kAmbient,
  kCargo1,
  kCargo2,
  kLatitude,
  kLongitude,
  kAltitude,
  kHeading,
  kGnssSpeed,
  kHdop,
  kSatellites,
  kOdometer,
  kFuel,
  kBattery,
  kIgnition,
  kAccelLongitudinal,
  kAccelLateral,
  kAccelVertical,
};

/// SplitMix64 (Steele, Lea, Flood 2014): a good number for each state, and the states may be
/// 1, 2, 3, …
std::uint64_t Mixed(std::uint64_t state) {
  std::uint64_t mixed = state * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31U);
}

/// In [0, 1).
double Unit(std::uint64_t mixed) { return static_cast<double>(mixed >> 11U) * 0x1p-53; }

double Towards(double from, double to, double strength) { return from + (to - from) * strength; }

/// Into [0, turn).
double Wrapped(double angle, double turn) {
  const double rest = std::fmod(angle, turn);
  return rest < 0 ? rest + turn : rest;
}

std::array<double, kFleetSeries> MakePowers() {
  std::array<double, kFleetSeries> powers{};
  for (std::size_t i = 0; i < kFleetSeries; ++i) {
    powers.at(i) = std::pow(10, FindSignal(FleetSeries()[i].name)->decimals);
  }
  return powers;
}

/// As a sensor shows them: no finer than the catalogue's resolution.
void Round(FleetValues& values) {
  static const std::array<double, kFleetSeries> kPowers = MakePowers();
  for (std::size_t i = 0; i < kFleetSeries; ++i) {
    values.at(i) = std::round(values.at(i) * kPowers.at(i)) / kPowers.at(i);
  }
}

}  // namespace

std::span<const SeriesName, kFleetSeries> FleetSeries() {
  static const std::array<SeriesName, kFleetSeries> kSeries{{
      {"vehicle_speed_kmh", {}},
      {"engine_coolant_celsius", {}},
      {"engine_rpm", {}},
      {"ambient_celsius", {}},
      {"cargo_celsius", {{"zone", "1"}}},
      {"cargo_celsius", {{"zone", "2"}}},
      {"latitude_deg", {}},
      {"longitude_deg", {}},
      {"altitude_m", {}},
      {"heading_deg", {}},
      {"gnss_speed_kmh", {}},
      {"gnss_hdop", {}},
      {"gnss_satellites", {}},
      {"odometer_km", {}},
      {"fuel_percent", {}},
      {"battery_volts", {}},
      {"ignition_on", {}},
      {"accel_longitudinal_mps2", {}},
      {"accel_lateral_mps2", {}},
      {"accel_vertical_mps2", {}},
  }};
  return kSeries;
}

double FleetVehicle::Wave::At(double seconds) const {
  return base + swing * std::sin(kTurn * (seconds + shift_s) / period_s);
}

double FleetVehicle::Wave::SumTo(double seconds) const {
  const double turns = kTurn / period_s;
  return base * seconds +
         swing / turns * (std::cos(turns * shift_s) - std::cos(turns * (seconds + shift_s)));
}

FleetVehicle::FleetVehicle(const FleetPlan& plan, std::uint32_t number)
    : key_(Mixed(Mixed(plan.seed + 1) + number)),
      begin_(plan.start +
             std::chrono::floor<milliseconds>(plan.spread * number / std::max(plan.vehicles, 1U))),
      seconds_(plan.seconds) {
  std::uint64_t drawn = 0;
  const auto draw = [&](double low, double high) {
    return low + (high - low) * Unit(Mixed(key_ + ++drawn));
  };
  const auto wave = [&](double base, double swing, double shortest_s, double longest_s) {
    const double period = draw(shortest_s, longest_s);
    return Wave{base, swing, period, draw(0, period)};
  };
  troubles_every_s_ = static_cast<std::uint32_t>(draw(kShortestCycleS, kLongestCycleS));
  cruise_ = wave(45, 22, 120, 400);
  traffic_ = wave(0, 9, 30, 70);
  coolant_ = wave(draw(86, 90), 2, 200, 500);
  cargo_ = wave(draw(8, 16), 1, 600, 1800);
  ambient_ = wave(draw(-5, 28), 2, 3600, 7200);
  odometer_km_ = draw(10'000, 900'000);
  fuel_percent_ = draw(60, 95);
  latitude_ = draw(47.5, 54.5);
  longitude_ = draw(6.5, 14.5);
  loop_km_ = draw(20, 90);
}

UtcTime FleetVehicle::TimeOf(std::uint32_t instant) const {
  const auto steps = static_cast<std::int64_t>(Random(instant, kJitter) *
                                               static_cast<double>(kMostJitter / milliseconds{1}));
  return begin_ + seconds{instant} + milliseconds{steps};
}

std::optional<std::uint32_t> FleetVehicle::InstantAt(UtcTime time) const {
  if (time < begin_) return std::nullopt;
  const auto instant = (time - begin_) / seconds{1};
  if (instant >= std::int64_t{seconds_}) return std::nullopt;
  const auto found = static_cast<std::uint32_t>(instant);
  return TimeOf(found) == time ? std::optional(found) : std::nullopt;
}

double FleetVehicle::Random(std::uint32_t instant, std::uint64_t purpose) const {
  return Unit(Mixed(key_ ^ Mixed((purpose << 32U) + instant + 1)));
}

double FleetVehicle::Noise(std::uint32_t instant, std::uint64_t purpose, double reach) const {
  return reach * (2 * Random(instant, purpose) - 1);
}

FleetVehicle::Episode FleetVehicle::EpisodeAt(std::uint32_t instant) const {
  const std::uint32_t cycle = instant / troubles_every_s_;
  const std::uint32_t room = troubles_every_s_ - kEpisodeS - kCalmS;
  const std::uint32_t begin =
      kCalmS + static_cast<std::uint32_t>(Random(cycle, kEpisodeBegin) * room);
  const std::uint32_t in_cycle = instant % troubles_every_s_;
  if (in_cycle < begin || in_cycle >= begin + kEpisodeS) return {};
  const std::uint32_t into = in_cycle - begin;
  const std::uint32_t ramp = std::min({into, kEpisodeS - into, kRampS});
  const auto kind = 1 + static_cast<std::uint8_t>(Random(cycle, kEpisodeKind) * 4);
  return {static_cast<Trouble>(kind), static_cast<double>(ramp) / kRampS};
}

double FleetVehicle::SpeedKmh(std::uint32_t instant, const Episode& episode) const {
  const double calm = cruise_.At(instant) + traffic_.At(instant);
  return episode.trouble == Trouble::kSpeed ? Towards(calm, kSpeeding, episode.strength) : calm;
}

FleetValues FleetVehicle::ValuesAt(std::uint32_t instant) const {
  const Episode episode = EpisodeAt(instant);
  const auto noise = [&](Place place, double reach) { return Noise(instant, place, reach); };
  const auto troubled = [&](Trouble trouble, double calm, double wrong) {
    return episode.trouble == trouble ? Towards(calm, wrong, episode.strength) : calm;
  };
  const double speed = SpeedKmh(instant, episode);
  const double before = instant == 0 ? speed : SpeedKmh(instant - 1, EpisodeAt(instant - 1));
  const double driven_km = (cruise_.SumTo(instant) + traffic_.SumTo(instant)) / 3600;
  const double angle = kTurn * driven_km / loop_km_;
  const double radius_deg = loop_km_ / kTurn / kKmPerDegree;
  const double squeeze = std::cos(latitude_ / 360 * kTurn);  // of a degree of longitude
  const double bend_mps2 = speed / 3.6 * speed / 3.6 / (loop_km_ / kTurn * 1000);
  const double cargo = cargo_.At(instant);

  FleetValues values{};
  values[kSpeed] = speed + noise(kSpeed, 0.1);
  values[kCoolant] =
      troubled(Trouble::kEngine, coolant_.At(instant), kOverheatedCoolant) + noise(kCoolant, 0.2);
  values[kRpm] = 700 + 13 * speed + noise(kRpm, 8);
  values[kAmbient] = ambient_.At(instant) + noise(kAmbient, 0.05);
  values[kCargo1] = troubled(Trouble::kCargo1, cargo, kOverheatedCargo) + noise(kCargo1, 0.1);
  values[kCargo2] = troubled(Trouble::kCargo2, cargo, kOverheatedCargo) + noise(kCargo2, 0.1);
  values[kLatitude] = latitude_ + radius_deg * std::sin(angle) + noise(kLatitude, 1e-5);
  values[kLongitude] =
      longitude_ + radius_deg * std::cos(angle) / squeeze + noise(kLongitude, 1e-5);
  values[kAltitude] = 300 + 100 * std::sin(angle) + noise(kAltitude, 0.8);
  values[kHeading] =
      std::min(Wrapped(360 - angle / kTurn * 360 + noise(kHeading, 0.3), 360), 359.99);
  values[kGnssSpeed] = speed + noise(kGnssSpeed, 0.2);
  values[kHdop] = 0.9 + noise(kHdop, 0.05);
  values[kSatellites] = 12 + std::floor(3 * Random(instant / 60, kSatellites));
  values[kOdometer] = odometer_km_ + driven_km;
  values[kFuel] = std::max(fuel_percent_ - 0.04 * driven_km, 1.0);
  values[kBattery] = 27.8 + noise(kBattery, 0.04);
  values[kIgnition] = 1;
  values[kAccelLongitudinal] = (speed - before) / 3.6 + noise(kAccelLongitudinal, 0.05);
  values[kAccelLateral] = bend_mps2 + noise(kAccelLateral, 0.05);
  values[kAccelVertical] = 9.81 + noise(kAccelVertical, 0.05);
  Round(values);
  return values;
}

std::string FleetVehicleName(const FleetPlan& plan, std::uint32_t number) {
  return plan.name + "-" + std::to_string(number + 1);
}

}  // namespace fleet_edge::simulators
