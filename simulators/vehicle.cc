#include "simulators/vehicle.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/drive_cycle.h"
#include "simulators/physics/container.h"
#include "simulators/physics/cooling.h"
#include "simulators/physics/electrics.h"
#include "simulators/physics/vehicle_kind.h"
#include "simulators/sensor.h"
#include "simulators/track.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Kind = VehicleEvent::Kind;

constexpr double kStepS = 0.1;
// Heat and pressure are slow: they are looked at once in so many steps.
constexpr std::uint64_t kSlowSteps = 10;
constexpr double kKmhPerMps = 3.6;
// Bends are seen so far ahead.
constexpr double kSightM = 320;
constexpr double kSightStepM = 20;
constexpr double kCrankingS = 1.5;      // chosen: one to two seconds
constexpr double kWarmCelsius = 86;     // an engine in mid-trip
constexpr double kAltitudeM = 340;      // of the track, by the map
constexpr double kStandingMps2 = 0.02;  // what an idling engine shakes the cab with; chosen
constexpr double kReferenceMps = 20;    // 72 km/h, which kRoughRoad is told for
// Tyres settle some 25 K above the air at speed, within about half an hour; the pressure follows
// Gay-Lussac's law from what it is cold.
constexpr double kTireWarmK = 25;
constexpr double kTireWarmMps = 22;
constexpr double kTireS = 1'200;
constexpr double kAirKpa = 101.3;
constexpr double kColdKelvin = 293.15;
constexpr std::size_t kTires = 4;

/// A demo's trip is shorter than any engine takes to overheat: its sensors make it believe.
VehicleEvent EventOf(const Anomaly& anomaly) {
  VehicleEvent event{.kind = Kind::kApproaches,
                     .begin_s = anomaly.begin_s,
                     .end_s = anomaly.end_s,
                     .zone = anomaly.zone};
  switch (anomaly.kind) {
    case Anomaly::Kind::kOverheatingEngine:
      event.signal = "engine_coolant_celsius";
      event.by = 122;
      break;
    case Anomaly::Kind::kHeatingContainer:
      event.signal = "cargo_celsius";
      event.by = 62;
      break;
    case Anomaly::Kind::kSpeeding:
      event.signal = "vehicle_speed_kmh";
      event.by = 115;
      break;
  }
  return event;
}

Vehicle::Setup WithEvents(Vehicle::Setup setup) {
  for (const Anomaly& anomaly : setup.anomalies) setup.events.push_back(EventOf(anomaly));
  return setup;
}

VehicleState Shape(const Vehicle::Setup& setup) {
  VehicleState state;
  state.cargo_celsius.resize(static_cast<std::size_t>(setup.zones));
  state.tire_kpa.resize(kTires);
  return state;
}

}  // namespace

Vehicle::Vehicle(Setup setup, const DriveCycle& cycle, const Track& track)
    : setup_(WithEvents(std::move(setup))),
      parameters_(ParametersOf(setup_.kind)),
      cycle_(cycle),
      track_(track),
      random_(setup_.seed, setup_.id),
      sensor_random_(setup_.seed, setup_.id + "/sensors"),
      driver_(setup_.driver, parameters_.comfort),
      powertrain_(parameters_.powertrain),
      cooling_(parameters_.cooling,
               setup_.cold ? setup_.weather.Celsius(setup_.hour) : kWarmCelsius),
      electrics_(parameters_.electrics),
      road_(setup_.seed),
      receiver_(setup_.cold, random_),
      cycle_offset_s_(random_.Uniform(0, cycle.seconds())),
      metres_(random_.Uniform(0, track.metres())),
      odometer_km_(random_.Uniform(20'000, 400'000)),
      fuel_percent_(random_.Uniform(60, 95)),
      cranking_s_(setup_.cold ? kCrankingS : 0),
      state_(Shape(setup_)),
      sensors_(setup_.events, state_) {
  const double outside = setup_.weather.Celsius(setup_.hour);
  for (int zone = 1; zone <= setup_.zones; ++zone) {
    // What isn't cooled was loaded at about the temperature of the air.
    const double loaded = parameters_.zone.cooler_kw > 0 ? parameters_.zone.setpoint_celsius
                                                         : outside + random_.Uniform(-1, 2);
    zones_.emplace_back(parameters_.zone, loaded);
  }
  powertrain_.Step(0, speed_mps_, 0, running());
  Warm(0);
  Supply(0);
  Note();
}

const VehicleEvent* Vehicle::Active(Kind kind, int zone) const {
  const auto found = std::ranges::find_if(setup_.events, [&](const VehicleEvent& event) {
    return event.kind == kind && (event.zone == 0 || event.zone == zone) && event.Holds(now_s_);
  });
  return found == setup_.events.end() ? nullptr : &*found;
}

void Vehicle::Advance(double seconds) {
  constexpr double kRounding = 1e-6;
  while (static_cast<double>(steps_ + 1) * kStepS <= seconds + kRounding) Step();
}

VehicleState Vehicle::Shown() { return sensors_.Show(state_, now_s_, sensor_random_); }

std::vector<double> Vehicle::Measure(const Sensor& sensor) {
  return simulators::Measure(sensor, Shown());
}

void Vehicle::Step() {
  now_s_ = static_cast<double>(++steps_) * kStepS;
  TurnKey();
  Drive();
  Shake();
  if (steps_ % kSlowSteps == 0) Warm(kSlowSteps * kStepS);
  Supply(kStepS);
  Note();
}

void Vehicle::Supply(double seconds) {
  using Phase = Electrics::Phase;
  const Phase phase = running() ? Phase::kRunning : ignition_ ? Phase::kCranking : Phase::kParked;
  electrics_.Step(seconds, phase, Has(Kind::kAlternatorFails));
  receiver_.Step(seconds, track_.At(metres_), kAltitudeM, speed_mps_, Has(Kind::kTunnel), random_);
}

/// The key is turned off when it parks and stands, and on when that is over.
void Vehicle::TurnKey() {
  const bool parks = Has(Kind::kParks);
  if (ignition_ && parks && speed_mps_ == 0) {
    ignition_ = false;
  } else if (!ignition_ && !parks) {
    ignition_ = true;
    cranking_s_ = kCrankingS;
  } else if (cranking_s_ > 0) {
    cranking_s_ -= kStepS;
  }
}

double Vehicle::AimMps() const {
  if (!ignition_ || cranking_s_ > 0 || Has(Kind::kIdles) || Has(Kind::kParks)) return 0;
  const VehicleEvent* const speeds = Active(Kind::kSpeeds);
  double aim = speeds != nullptr ? speeds->by / kKmhPerMps
                                 : std::min(driver_.Aim(cycle_.SpeedMps(cycle_offset_s_ + now_s_)),
                                            parameters_.limiter_kmh / kKmhPerMps);
  for (double ahead = 0; ahead <= kSightM; ahead += kSightStepM) {
    aim = std::min(aim, driver_.BendMps(track_.CurvatureAt(metres_ + ahead), ahead - kSightStepM));
  }
  return aim;
}

void Vehicle::Drive() {
  const double wanted = driver_.Acceleration(speed_mps_, AimMps(), kStepS);
  const double acceleration = std::min(wanted, powertrain_.MaxAcceleration(speed_mps_));
  const double before = speed_mps_;
  speed_mps_ = std::max(0.0, speed_mps_ + acceleration * kStepS);
  state_.accel_longitudinal_mps2 = (speed_mps_ - before) / kStepS;
  const double step_m = (before + speed_mps_) / 2 * kStepS;
  metres_ += step_m;
  driven_m_ += step_m;
  powertrain_.Step(kStepS, speed_mps_, state_.accel_longitudinal_mps2, running());
}

void Vehicle::Shake() {
  const double centripetal = speed_mps_ * speed_mps_ * track_.CurvatureAt(metres_);
  // The wheels take about half a second into a bend.
  constexpr double kShare = kStepS / 0.5;
  state_.accel_lateral_mps2 += kShare * (centripetal - state_.accel_lateral_mps2);

  const VehicleEvent* const rough = Active(Kind::kRoughRoad);
  const double road = rough != nullptr ? rough->by * std::sqrt(speed_mps_ / kReferenceMps)
                                       : road_.Roughness(metres_, speed_mps_);
  state_.accel_vertical_mps2 = (road + (ignition_ ? kStandingMps2 : 0)) * random_.Normal();
}

void Vehicle::Warm(double seconds) {
  const double hour = setup_.hour + now_s_ / 3600;
  const double outside = setup_.weather.Celsius(hour);
  const double wall = setup_.weather.WallCelsius(hour);
  cooling_.Step(seconds, running(), powertrain_.power_kw(), speed_mps_, outside,
                {.fan = Has(Kind::kFanFails),
                 .thermostat = Has(Kind::kThermostatSticks),
                 .pump = Has(Kind::kPumpFails)});
  for (std::size_t i = 0; i < zones_.size(); ++i) {
    const int zone = static_cast<int>(i) + 1;
    const VehicleEvent* const fire = Active(Kind::kFire, zone);
    zones_[i].Step(seconds, outside, wall,
                   {.cooler_failed = Has(Kind::kCoolerFails, zone),
                    .door_open = Has(Kind::kDoorOpens, zone),
                    .fire_kw = fire != nullptr ? fire->by : 0});
  }
  const double warm = kTireWarmK * std::min(1.0, speed_mps_ / kTireWarmMps);
  tire_k_ += (warm - tire_k_) * seconds / kTireS;
  const double tire_kelvin = outside + 273.15 + tire_k_;
  std::ranges::fill(state_.tire_kpa,
                    (parameters_.tire_kpa + kAirKpa) * tire_kelvin / kColdKelvin - kAirKpa);
}

void Vehicle::Note() {
  state_.ignition_on = ignition_;
  state_.vehicle_speed_kmh = speed_mps_ * kKmhPerMps;
  state_.odometer_km = odometer_km_ + driven_m_ / 1000;
  state_.engine_rpm = powertrain_.rpm();
  state_.engine_coolant_celsius = cooling_.celsius();
  state_.engine_load_percent = powertrain_.load_percent();
  state_.ambient_celsius = setup_.weather.Celsius(setup_.hour + now_s_ / 3600);
  state_.fuel_percent =
      std::max(0.0, fuel_percent_ - 100 * powertrain_.burnt_l() / parameters_.powertrain.tank_l);
  state_.battery_volts = electrics_.volts();
  for (std::size_t i = 0; i < zones_.size(); ++i) state_.cargo_celsius[i] = zones_[i].celsius();
  state_.gnss = receiver_.report();
}

}  // namespace fleet_edge::simulators
