#include "simulators/sensor.h"

#include <array>
#include <cassert>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "core/time.h"
#include "simulators/state_signal.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr double kKmhPerMps = 3.6;

/// `value` as its decimal text is read: the nearest double.
double Rounded(double value, int decimals) {
  const double power = std::pow(10, decimals);
  return std::round(value * power) / power;
}

void AppendDecimal(std::string& text, double value, int decimals) {
  std::array<char, 32> digits{};
  const auto [end, error] =
      std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, decimals);
  assert(error == std::errc{});
  text.append(digits.data(), end);
}

Sensor::Field Coolant() { return {"coolant", {"engine_coolant_celsius", {}}, 1}; }
Sensor::Field Speed() { return {"speed", {"vehicle_speed_kmh", {}}, 2, kKmhPerMps}; }
Sensor::Field Rpm() { return {"rpm", {"engine_rpm", {}}, 0}; }
Sensor::Field Latitude() { return {"lat", {"latitude_deg", {}}, 7}; }
Sensor::Field Longitude() { return {"lon", {"longitude_deg", {}}, 7}; }

}  // namespace

std::string Payload(const Sensor& sensor, UtcTime time, std::span<const double> values) {
  assert(values.size() == sensor.fields.size());
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  std::string text = "{\"ts\":" + std::to_string(ms.count());
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += ",\"" + sensor.fields[i].key + "\":";
    AppendDecimal(text, Rounded(values[i], sensor.fields[i].decimals), sensor.fields[i].decimals);
  }
  return text + '}';
}

double ReadingOf(const Sensor::Field& field, double value) {
  return Rounded(value, field.decimals) * field.scale;
}

std::vector<double> Measure(const Sensor& sensor, const VehicleState& shown) {
  std::vector<double> values;
  values.reserve(sensor.fields.size());
  for (const Sensor::Field& field : sensor.fields) {
    values.push_back(ValueOf(shown, field.series) / field.scale);
  }
  return values;
}

std::vector<Sensor> TankerSensors(int zones) {
  std::vector<Sensor> sensors{{"engine", {Coolant(), Speed(), Rpm()}}};
  for (int zone = 1; zone <= zones; ++zone) {
    const std::string number = std::to_string(zone);
    sensors.push_back({"cargo/" + number, {{"celsius", {"cargo_celsius", {{"zone", number}}}, 1}}});
  }
  sensors.push_back({"gnss",
                     {Latitude(),
                      Longitude(),
                      {"speed", {"gnss_speed_kmh", {}}, 2, kKmhPerMps},
                      {"course", {"heading_deg", {}}, 1}}});
  return sensors;
}

std::vector<Sensor> TelemetryUnit() {
  return {{"telemetry", {Coolant(), Speed(), Rpm(), Latitude(), Longitude()}}};
}

}  // namespace fleet_edge::simulators
