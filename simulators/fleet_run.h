#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/drive_cycle.h"
#include "simulators/ledger_file.h"
#include "simulators/mqtt_link.h"
#include "simulators/roads.h"
#include "simulators/scenario.h"
#include "simulators/scenario_step.h"
#include "simulators/sensor.h"
#include "simulators/stop_signal.h"
#include "simulators/truth.h"
#include "simulators/vehicle.h"

namespace fleet_edge::simulators {

/// Vehicles that publish their sensors over MQTT, and the ledger of it.
///
/// One thread: all vehicles' messages are spread evenly over the interval and sent when they are
/// due. In real time event time is the wall clock at sending, so it is later than due when the
/// machine or the broker can't keep up; at any other speed it is the plan's, and runs ahead of the
/// clock.
class FleetRun {
 public:
  struct Options {
    int vehicles = 1;
    std::string name = "tanker";  ///< of the vehicles: tanker-1, tanker-2, …
    int zones = 2;
    std::uint64_t seed = 1;
    std::string broker;
    std::string prefix = "vehicles";
    std::string ledger;
    Duration duration = std::chrono::seconds{45};
    double hz = 1;           ///< messages a second of each sensor
    bool one_topic = false;  ///< TelemetryUnit() instead of TankerSensors()
    bool anomalies = true;
    int qos = 1;
    double speed = 1;  ///< times real time; 0: as fast as the broker takes it
    /// Who drives and what happens, in place of vehicles, name, zones, seed, duration and
    /// anomalies.
    std::optional<Scenario> scenario{};
  };

  /// What was done.
  struct Summary {
    std::uint64_t messages = 0;
    std::uint64_t readings = 0;
    std::uint64_t not_taken = 0;  ///< due, but the broker took no more: never sent
    std::uint64_t unacknowledged = 0;
  };

  /// Connects and begins the ledger. Throws std::runtime_error.
  explicit FleetRun(const Options& options);

  /// Sends until the duration is over or a signal comes. Throws std::runtime_error when the ledger
  /// can't be written.
  Summary Run(StopSignal& stop);

 private:
  /// A sensor of a vehicle.
  struct Station {
    Vehicle* vehicle;
    Sensor sensor;
    std::string topic;
    std::vector<std::optional<AlertTruth>> truths;  // by field
    UtcTime last;                                   // event time sent
  };

  using SteadyTime = std::chrono::steady_clock::time_point;

  Vehicle::Setup Planned(int number) const;
  void AddVehicle(Vehicle::Setup setup, const DriveCycle& cycle);
  void AddStation(Vehicle& vehicle, Sensor sensor);
  void Send(Station& station, double seconds);
  UtcTime TimeOf(const Station& station, double seconds) const;
  void Tell(double seconds);
  void Gather();
  void Close();

  const Options options_;
  const Roads roads_;
  const UtcTime start_;
  std::deque<ScenarioStep> steps_;  // that are still to be told
  LedgerWriter ledger_;
  MqttLink link_;
  std::deque<Vehicle> vehicles_;  // a deque keeps addresses
  std::vector<Station> stations_;
  Summary summary_;
};

}  // namespace fleet_edge::simulators
