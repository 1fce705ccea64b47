#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/modbus_answer.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/tcp_server.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// A tank's and a container's probes behind Modbus TCP, unit 1. Each answer is a message of the
/// ledger for each signal that it holds. The ledger outlives it.
class ModbusDevice : public Device {
 public:
  explicit ModbusDevice(DeviceLedger& ledger);

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override { return asked_; }
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  struct Probe {
    ModbusTable table;
    unsigned first;       // register
    const char* options;  // of the agent's configuration
    SeriesName series;
    double scale;
    std::size_t form;
    std::vector<std::uint16_t> words;  // now
    double value;                      // … in the catalogue's unit
  };

  void AddProbe(Probe probe, DeviceLedger& ledger);
  void Measure(const VehicleState& state);
  std::optional<std::uint16_t> RegisterAt(ModbusTable table, unsigned place) const;
  void Answer(TcpServer::Client& client, const Moment& moment);

  const std::string name_ = "modbus";
  DeviceLedger& ledger_;
  TcpServer server_;
  std::vector<Probe> probes_;
  bool asked_ = false;  // since it was plugged in
  double last_turn_s_ = 0;
  bool late_ = false;  // an asker may have given up by now
};

}  // namespace fleet_edge::simulators
