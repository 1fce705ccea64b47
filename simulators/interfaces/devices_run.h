#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/measured_vehicle.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/interfaces/unplugging.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {

/// All that a device can be. No two of kUsualDevices tell of the same signal.
inline constexpr std::array<std::string_view, 7> kDevices{"can",  "gpsd", "modbus", "mqtt",
                                                          "nmea", "obd",  "probes"};
inline constexpr std::array<std::string_view, 6> kUsualDevices{"can",  "gpsd", "modbus",
                                                               "mqtt", "obd",  "probes"};

/// One vehicle on all its interfaces at once, in real time, and the ledger of what they said.
///
/// One thread. The vehicle leaves when the agent listens to every interface that can tell, or after
/// `patience`.
class DevicesRun {
 public:
  struct Options {
    std::filesystem::path folder;
    std::string vehicle = "truck-1";
    std::uint64_t seed = 1;
    Duration duration = std::chrono::seconds{60};
    double speed = 1;  ///< seconds of the vehicle's life in a second
    bool anomalies = true;
    std::vector<Unplugging> unpluggings;
    /// Names of devices; empty: all of kUsualDevices.
    std::vector<std::string> devices;
    std::string broker;  ///< empty: no MQTT device
    std::string hub = "127.0.0.1:9092";
    std::string ledger;
    Duration patience = std::chrono::seconds{60};
  };

  struct Summary {
    std::uint64_t messages = 0;
    std::uint64_t readings = 0;
  };

  /// Plugs the devices in and writes the agent's configuration. Throws std::runtime_error, and
  /// std::invalid_argument for an unplugging of a device that isn't there.
  explicit DevicesRun(const Options& options);

  /// Of the agent.
  std::filesystem::path configuration() const;

  /// Devices that no agent listens to.
  std::vector<std::string> Unattended() const;

  /// Returns when the agent has come, `patience` is over or there is a signal.
  void Await(StopSignal& stop);

  /// Lives until the duration is over or a signal comes, then unplugs everything.
  Summary Run(StopSignal& stop);

 private:
  struct Socket {  // what a device is plugged into
    std::unique_ptr<Device> device;
    bool plugged = false;
  };

  std::unique_ptr<Device> Make(const std::string& name, const std::filesystem::path& folder);
  void AddDevices(const std::filesystem::path& folder);
  void Turn(const Moment& moment);
  Moment Now() const;
  /// `seconds`: since the vehicle left.
  void Follow(double seconds);
  void Set(Socket& socket, bool plugged);
  bool Away(const std::string& device, double seconds) const;

  const Options options_;
  const std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
  MeasuredVehicle vehicle_;
  DeviceLedger ledger_;
  std::vector<Socket> sockets_;
  const VehicleState* state_;
  Schedule tend_{0.2};
};

}  // namespace fleet_edge::simulators
