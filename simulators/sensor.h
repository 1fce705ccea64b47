#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// Something in a vehicle that publishes JSON on a topic: what it measures and how it writes it
/// down. A value.
struct Sensor {
  /// One number of the payload.
  struct Field {
    std::string key;    ///< in the payload
    SeriesName series;  ///< what the agent makes of it
    int decimals;       ///< that the sensor writes
    double scale = 1;   ///< from the sensor's unit to the catalogue's
  };

  std::string topic;  ///< below `<prefix>/<vehicle>/`
  std::vector<Field> fields;
};

/// `{"ts":1700000000123,"coolant":88.1}`: the time in milliseconds, then the fields, each with its
/// decimals. Precondition: as many values as fields.
std::string Payload(const Sensor& sensor, UtcTime time, std::span<const double> values);

/// What a reader of the payload gets as the field's value, in the catalogue's unit.
double ReadingOf(const Sensor::Field& field, double value);

/// Its values in what the vehicle's sensors show, in the sensor's unit; NaN for what is silent.
std::vector<double> Measure(const Sensor& sensor, const VehicleState& shown);

/// Engine, container zones and GNSS receiver: a topic each.
std::vector<Sensor> TankerSensors(int zones);

/// All in one: five readings a message, for load.
std::vector<Sensor> TelemetryUnit();

}  // namespace fleet_edge::simulators
