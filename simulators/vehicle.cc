#include "simulators/vehicle.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>
#include <utility>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/drive_cycle.h"
#include "simulators/sensor.h"
#include "simulators/track.h"

namespace fleet_edge::simulators {
namespace {

// Far from the demo rules' thresholds (105, 45, 90) on either side, so that what must fire is
// beyond doubt.
constexpr double kCalmCoolantCelsius = 86;
constexpr double kHotCoolantCelsius = 122;
constexpr double kCalmCargoCelsius = 15;
constexpr double kHotCargoCelsius = 62;
constexpr double kLimitedMps = 75 / 3.6;    // what the tanker's limiter lets through
constexpr double kSpeedingMps = 115 / 3.6;  // with the limiter broken

// How fast speed and temperatures follow what drives them.
constexpr double kLagSeconds = 2;
// The calm coolant's slow wave.
constexpr double kWaveSeconds = 97;
constexpr double kWaveCelsius = 3;

int ZoneOf(const Sensor::Field& field) {
  const std::string_view text = field.series.labels.Get("zone");
  int zone = 1;
  std::from_chars(text.data(), text.data() + text.size(), zone);
  return zone;
}

}  // namespace

Vehicle::Vehicle(Setup setup, const DriveCycle& cycle, const Track& track)
    : setup_(std::move(setup)),
      cycle_(cycle),
      track_(track),
      random_(setup_.seed, setup_.id),
      cycle_offset_s_(random_.Uniform(0, cycle.seconds())),
      phase_s_(random_.Uniform(0, kWaveSeconds)),
      metres_(random_.Uniform(0, track.metres())),
      coolant_celsius_(kCalmCoolantCelsius) {
  for (int zone = 1; zone <= setup_.zones; ++zone) {
    cargo_celsius_.push_back(kCalmCargoCelsius + zone);
  }
}

const Anomaly* Vehicle::Active(Anomaly::Kind kind, int zone) const {
  const auto found = std::ranges::find_if(setup_.anomalies, [&](const Anomaly& anomaly) {
    return anomaly.kind == kind && anomaly.zone == zone && anomaly.Holds(now_s_);
  });
  return found == setup_.anomalies.end() ? nullptr : &*found;
}

void Vehicle::Advance(double seconds) {
  const double step = seconds - now_s_;
  now_s_ = seconds;
  const double share = 1 - std::exp(-step / kLagSeconds);
  const auto follow = [share](double& value, double target) { value += share * (target - value); };

  const double cycle_mps = std::min(cycle_.SpeedMps(cycle_offset_s_ + now_s_), kLimitedMps);
  follow(speed_mps_, Active(Anomaly::Kind::kSpeeding) != nullptr ? kSpeedingMps : cycle_mps);
  metres_ += speed_mps_ * step;

  const double wave =
      kWaveCelsius * std::sin(2 * std::numbers::pi * (now_s_ + phase_s_) / kWaveSeconds);
  follow(coolant_celsius_, Active(Anomaly::Kind::kOverheatingEngine) != nullptr
                               ? kHotCoolantCelsius
                               : kCalmCoolantCelsius + wave);
  for (std::size_t i = 0; i < cargo_celsius_.size(); ++i) {
    const int zone = static_cast<int>(i) + 1;
    follow(cargo_celsius_[i], Active(Anomaly::Kind::kHeatingContainer, zone) != nullptr
                                  ? kHotCargoCelsius
                                  : kCalmCargoCelsius + zone);
  }
}

std::vector<double> Vehicle::Measure(const Sensor& sensor) {
  std::vector<double> values;
  values.reserve(sensor.fields.size());
  for (const Sensor::Field& field : sensor.fields) values.push_back(Show(field));
  return values;
}

double Vehicle::Show(const Sensor::Field& field) {
  const std::string_view name = field.series.name;
  const double noise = random_.Normal();
  if (name == "engine_coolant_celsius") return coolant_celsius_ + 0.2 * noise;
  if (name == "cargo_celsius") {
    return cargo_celsius_.at(static_cast<std::size_t>(ZoneOf(field)) - 1) + 0.2 * noise;
  }
  if (name == "vehicle_speed_kmh") return std::max(0.0, speed_mps_ + 0.05 * noise);
  if (name == "gnss_speed_kmh") return std::max(0.0, speed_mps_ + 0.2 * noise);
  if (name == "engine_rpm") return 700 + 55 * speed_mps_ + 10 * noise;

  const Track::Place place = track_.At(metres_);
  if (name == "latitude_deg") return place.latitude_deg + 1e-5 * noise;
  if (name == "longitude_deg") return place.longitude_deg + 1e-5 * noise;
  // Rounded up to 360.0 a heading would be out of its range.
  return std::clamp(place.heading_deg + noise, 0.0, 359.9);
}

}  // namespace fleet_edge::simulators
