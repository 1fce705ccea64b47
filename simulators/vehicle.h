#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulators/anomaly.h"
#include "simulators/drive_cycle.h"
#include "simulators/physics/container.h"
#include "simulators/physics/cooling.h"
#include "simulators/physics/driver.h"
#include "simulators/physics/electrics.h"
#include "simulators/physics/gnss_receiver.h"
#include "simulators/physics/powertrain.h"
#include "simulators/physics/road.h"
#include "simulators/physics/vehicle_kind.h"
#include "simulators/physics/weather.h"
#include "simulators/random.h"
#include "simulators/sensor.h"
#include "simulators/track.h"
#include "simulators/vehicle_event.h"
#include "simulators/vehicle_sensors.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// A vehicle on its trip: the driver follows a drive cycle along a track, and engine, container,
/// battery and receiver live by what that asks of them, except for what happens to them.
///
/// It lives in steps of 100 ms whatever it is asked for: the same id, seed and calls give the same
/// values. One thread. Borrows cycle and track, which outlive it.
class Vehicle {
 public:
  struct Setup {
    std::string id;
    std::uint64_t seed = 0;
    int zones = 2;                     ///< of the container
    std::vector<Anomaly> anomalies{};  ///< what its sensors make believe, and when
    VehicleKind kind = VehicleKind::kTanker;
    std::vector<VehicleEvent> events{};  ///< what happens to it, and when
    Driver::Habits driver{};
    Weather weather{};
    double hour = 10;   ///< of the day at the start, local
    bool cold = false;  ///< starts with a cold engine, without a fix; else in mid-trip
  };

  Vehicle(Setup setup, const DriveCycle& cycle, const Track& track);

  /// Lives on to `seconds` since the start of the run. Precondition: not before the last call's.
  void Advance(double seconds);

  /// How it is.
  const VehicleState& state() const { return state_; }

  /// What its sensors show: with noise, and what is wrong with them. Each call draws new noise.
  VehicleState Shown();

  /// What `sensor` shows now: a value a field, in the sensor's unit, not yet rounded; NaN for what
  /// it is silent about.
  std::vector<double> Measure(const Sensor& sensor);

  const std::string& id() const { return setup_.id; }

 private:
  const VehicleEvent* Active(VehicleEvent::Kind kind, int zone = 0) const;
  bool Has(VehicleEvent::Kind kind, int zone = 0) const { return Active(kind, zone) != nullptr; }
  bool running() const { return ignition_ && cranking_s_ <= 0; }
  double AimMps() const;
  void Step();
  void Drive();
  void TurnKey();
  void Shake();
  void Warm(double seconds);
  void Supply(double seconds);
  void Note();

  const Setup setup_;
  const VehicleParameters parameters_;
  const DriveCycle& cycle_;
  const Track& track_;
  Random random_;         // of the vehicle
  Random sensor_random_;  // of what is shown: how often one looks changes nothing
  Driver driver_;
  Powertrain powertrain_;
  Cooling cooling_;
  Electrics electrics_;
  Road road_;
  GnssReceiver receiver_;
  std::vector<Container> zones_;

  std::uint64_t steps_ = 0;
  double now_s_ = 0;
  double cycle_offset_s_;  // where in the cycle its trip begins
  double metres_;          // along the track
  double odometer_km_;     // at the start
  double fuel_percent_;    // at the start
  double driven_m_ = 0;    // since the start
  double speed_mps_ = 0;
  double tire_k_ = 0;  // by which its tyres are warmer than the air
  bool ignition_ = true;
  double cranking_s_ = 0;  // until the engine runs
  VehicleState state_;
  VehicleSensors sensors_;
};

}  // namespace fleet_edge::simulators
