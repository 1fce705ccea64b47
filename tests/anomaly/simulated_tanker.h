#pragma once

#include <cstdint>
#include <optional>

#include "tests/anomaly/container.h"
#include "tests/anomaly/coolant.h"
#include "tests/anomaly/fault.h"
#include "tests/anomaly/random.h"
#include "tests/anomaly/trip.h"
#include "tests/anomaly/weather.h"

namespace fleet_edge::anomaly {

/// A tanker with its own habits, in steps of a second. The same seed is the same tanker on the same
/// day; with and without a fault it differs by what the fault does.
class SimulatedTanker {
 public:
  /// What its sensors say.
  struct Readings {
    std::optional<double> coolant;  ///< J1939: whole °C; silent while the engine is off
    double cargo;                   ///< DS18B20: sixteenths of a °C
  };

  explicit SimulatedTanker(std::uint64_t seed, const Fault& fault = {});

  Readings Step();

  double now_s() const { return now_s_; }
  const Trip& trip() const { return trip_; }
  double ambient() const { return weather_.celsius(); }
  double coolant() const { return coolant_.celsius(); }  ///< as it is, not as the sensor says
  double cargo() const { return container_.celsius(); }
  bool cooled() const { return container_.cooled(); }

 private:
  const Fault fault_;
  Random habits_;
  Random chance_;
  Weather weather_;
  Trip trip_;
  Coolant coolant_;
  Container container_;
  double coolant_sensor_;
  double cargo_sensor_;
  double now_s_ = 0;
};

}  // namespace fleet_edge::anomaly
