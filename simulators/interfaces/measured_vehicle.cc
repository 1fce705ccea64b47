#include "simulators/interfaces/measured_vehicle.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/recordings.h"
#include "simulators/sensor.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr double kPerSecond = 3.6;  // m/s → km/h
constexpr double kPerHour = 3'600;

/// Everything that the vehicle measures, in the order in which it is taken apart below.
Sensor Everything() {
  Sensor all{.topic = {},
             .fields = {{"speed", {"vehicle_speed_kmh", {}}, 3},
                        {"rpm", {"engine_rpm", {}}, 3},
                        {"coolant", {"engine_coolant_celsius", {}}, 3},
                        {"lat", {"latitude_deg", {}}, 7},
                        {"lon", {"longitude_deg", {}}, 7},
                        {"course", {"heading_deg", {}}, 1},
                        {"ground", {"gnss_speed_kmh", {}}, 3}}};
  for (int zone = 1; zone <= kVehicleZones; ++zone) {
    all.fields.push_back({"cargo", {"cargo_celsius", {{"zone", std::to_string(zone)}}}, 3});
  }
  return all;
}

}  // namespace

MeasuredVehicle::MeasuredVehicle(const std::string& id, std::uint64_t seed,
                                 std::vector<Anomaly> anomalies)
    : cycle_(seed % 2 == 0 ? Us06Cycle() : UddsCycle()),
      track_(RegensburgTrack()),
      vehicle_({.id = id, .seed = seed, .zones = kVehicleZones, .anomalies = std::move(anomalies)},
               cycle_, track_),
      random_(seed, id + "/instruments") {
  state_.odometer_km = 48'211;
  state_.fuel_percent = 73;
  Advance(0);
}

const VehicleState& MeasuredVehicle::Advance(double seconds) {
  static const Sensor kEverything = Everything();
  const double step = seconds - now_s_;
  now_s_ = seconds;
  vehicle_.Advance(seconds);
  const std::vector<double> values = vehicle_.Measure(kEverything);
  const double speed_mps = values[0];
  const double last_mps = state_.vehicle_speed_kmh / kPerSecond;
  state_.vehicle_speed_kmh = speed_mps * kPerSecond;
  state_.engine_rpm = values[1];
  state_.engine_coolant_celsius = values[2];
  state_.engine_load_percent = std::clamp(20 + 2 * speed_mps, 0.0, 100.0);
  state_.odometer_km += speed_mps * step / 1'000;
  state_.fuel_percent -= 12 * step / kPerHour;  // a tenth of a tank in an hour
  state_.ambient_celsius = 14 + 0.05 * random_.Normal();
  state_.battery_volts = 27.6 + 0.05 * random_.Normal();
  if (step > 0) {
    state_.accel_longitudinal_mps2 = std::clamp((speed_mps - last_mps) / step, -9.0, 9.0);
  }
  state_.accel_lateral_mps2 = 0.2 * random_.Normal();
  state_.accel_vertical_mps2 = 0.3 * random_.Normal();
  state_.tire_kpa = {850 + random_.Normal(), 845 + random_.Normal()};
  state_.cargo_celsius.assign(values.begin() + 7, values.end());
  state_.gnss = {.fix = 3,
                 .latitude_deg = values[3],
                 .longitude_deg = values[4],
                 .altitude_m = 340 + random_.Normal(),
                 .heading_deg = values[5],
                 .speed_kmh = values[6] * kPerSecond,
                 .hdop = 0.9,
                 .satellites = 11};
  return state_;
}

}  // namespace fleet_edge::simulators
