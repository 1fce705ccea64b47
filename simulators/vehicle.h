#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/drive_cycle.h"
#include "simulators/random.h"
#include "simulators/sensor.h"
#include "simulators/track.h"

namespace fleet_edge::simulators {

/// A tanker on its trip: the speed follows a drive cycle, the place the track at that speed, and
/// the temperatures their surroundings, except for what its anomalies do to them.
///
/// The same id, seed and calls give the same values. One thread. Borrows cycle and track, which
/// outlive it.
class Vehicle {
 public:
  struct Setup {
    std::string id;
    std::uint64_t seed = 0;
    int zones = 2;                   ///< of the container
    std::vector<Anomaly> anomalies;  ///< what goes wrong, and when
  };

  Vehicle(Setup setup, const DriveCycle& cycle, const Track& track);

  /// Lives on to `seconds` since the start of the run. Precondition: not before the last call's.
  void Advance(double seconds);

  /// What `sensor` shows now: a value a field, in the sensor's unit, with noise, not yet rounded.
  std::vector<double> Measure(const Sensor& sensor);

  const std::string& id() const { return setup_.id; }

 private:
  const Anomaly* Active(Anomaly::Kind kind, int zone = 0) const;
  double Show(const Sensor::Field& field);

  const Setup setup_;
  const DriveCycle& cycle_;
  const Track& track_;
  Random random_;

  // Where in the recordings its trip begins, and where in its waves of temperature.
  double cycle_offset_s_;
  double phase_s_;

  double now_s_ = 0;
  double metres_;
  double speed_mps_ = 0;
  double coolant_celsius_;
  std::vector<double> cargo_celsius_;  // by zone − 1
};

}  // namespace fleet_edge::simulators
