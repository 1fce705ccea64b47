#include "simulators/sensor.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {
namespace {

constexpr UtcTime kTime{std::chrono::milliseconds{1'700'000'000'123}};

TEST_CASE("Sensor: a payload has the time in ms and each value with its decimals") {
  const std::vector<Sensor> sensors = TankerSensors(1);
  REQUIRE(sensors.size() == 3);
  const std::array engine{88.06, 12.345678, 1411.7};
  CHECK(Payload(sensors[0], kTime, engine) ==
        R"({"ts":1700000000123,"coolant":88.1,"speed":12.35,"rpm":1412})");
  const std::array gnss{49.02472921234, -12.0, 0.0, 359.94};
  CHECK(Payload(sensors[2], kTime, gnss) ==
        R"({"ts":1700000000123,"lat":49.0247292,"lon":-12.0000000,"speed":0.00,"course":359.9})");
}

TEST_CASE("Sensor: a reading is what the payload says, in the catalogue's unit") {
  const Sensor::Field speed = TankerSensors(1)[0].fields[1];
  CHECK(speed.series.name == "vehicle_speed_kmh");
  CHECK(ReadingOf(speed, 12.345678) == 12.35 * 3.6);
}

TEST_CASE("Sensor: a zone has its topic and its label") {
  const std::vector<Sensor> sensors = TankerSensors(2);
  CHECK(sensors[2].topic == "cargo/2");
  CHECK(sensors[2].fields[0].series.labels.Get("zone") == "2");
}

TEST_CASE("Sensor: the telemetry unit sends five readings a message") {
  REQUIRE(TelemetryUnit().size() == 1);
  CHECK(TelemetryUnit()[0].fields.size() == 5);
}

}  // namespace
}  // namespace fleet_edge::simulators
