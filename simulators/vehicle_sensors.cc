#include "simulators/vehicle_sensors.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "simulators/random.h"
#include "simulators/state_signal.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

// Standard deviations, chosen: what such sensors show on a bench.
constexpr double kCelsius = 0.2;
constexpr double kCargoCelsius = 0.1;
constexpr double kSpeedKmh = 0.15;
constexpr double kRpm = 8;
constexpr double kVolts = 0.02;
constexpr double kFuelPercent = 0.3;
constexpr double kAccelMps2 = 0.02;
constexpr double kTireKpa = 1;

// A spike lasts a second of every so many.
constexpr double kSpikeEveryS = 20;
constexpr double kSpikeS = 1;
// Of a probe in its pocket.
constexpr double kLagS = 2;

void AddNoise(VehicleState& state, Random& random) {
  if (state.vehicle_speed_kmh > 0) {
    state.vehicle_speed_kmh = std::max(0.0, state.vehicle_speed_kmh + kSpeedKmh * random.Normal());
  }
  if (state.engine_rpm > 0) state.engine_rpm += kRpm * random.Normal();
  state.engine_coolant_celsius += kCelsius * random.Normal();
  state.ambient_celsius += kCelsius * random.Normal();
  state.battery_volts += kVolts * random.Normal();
  state.fuel_percent = std::clamp(state.fuel_percent + kFuelPercent * random.Normal(), 0.0, 100.0);
  state.accel_longitudinal_mps2 += kAccelMps2 * random.Normal();
  state.accel_lateral_mps2 += kAccelMps2 * random.Normal();
  state.accel_vertical_mps2 += kAccelMps2 * random.Normal();
  for (double& celsius : state.cargo_celsius) celsius += kCargoCelsius * random.Normal();
  for (double& kpa : state.tire_kpa) kpa += kTireKpa * random.Normal();
}

/// How much of the way to its end a probe has gone.
double Approached(const VehicleEvent& event, double seconds) {
  if (seconds < event.begin_s) return 0;
  const double there = 1 - std::exp(-(std::min(seconds, event.end_s) - event.begin_s) / kLagS);
  return seconds < event.end_s ? there : there * std::exp(-(seconds - event.end_s) / kLagS);
}

}  // namespace

VehicleSensors::VehicleSensors(std::span<const VehicleEvent> events, const VehicleState& state) {
  for (const VehicleEvent& event : events) {
    if (!IsOfSensor(event.kind)) continue;
    const std::size_t places = PlacesOf(state, event.signal);
    for (std::size_t place = 0; place < places; ++place) {
      if (event.zone != 0 && place + 1 != static_cast<std::size_t>(event.zone)) continue;
      faults_.push_back({.event = event, .place = place, .frozen = {}});
    }
  }
}

VehicleState VehicleSensors::Show(const VehicleState& truth, double seconds, Random& random) {
  VehicleState shown = truth;
  AddNoise(shown, random);
  for (Fault& fault : faults_) {
    if (fault.event.signal == kGnss) {
      if (fault.event.Holds(seconds)) shown.gnss = {.fix = 0};
      continue;
    }
    double* const value = FieldOf(shown, fault.event.signal, fault.place);
    if (value != nullptr) Apply(fault, *value, seconds);
  }
  return shown;
}

void VehicleSensors::Apply(Fault& fault, double& value, double seconds) {
  const VehicleEvent& event = fault.event;
  if (event.kind == VehicleEvent::Kind::kApproaches) {
    value += Approached(event, seconds) * (event.by - value);
    return;
  }
  if (!event.Holds(seconds)) return;
  const double since_s = seconds - event.begin_s;
  switch (event.kind) {
    case VehicleEvent::Kind::kFreezes:
      if (!fault.frozen) fault.frozen = value;
      value = *fault.frozen;
      break;
    case VehicleEvent::Kind::kDrifts:
      value += event.by * since_s / 60;
      break;
    case VehicleEvent::Kind::kSpikes:
      if (std::fmod(since_s, kSpikeEveryS) < kSpikeS) value += event.by;
      break;
    case VehicleEvent::Kind::kLies:
      value += event.by;
      break;
    default:
      value = kNothing;
      break;
  }
}

}  // namespace fleet_edge::simulators
