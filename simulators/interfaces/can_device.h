#pragma once

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/bus_frame.h"
#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/j1939_group.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/pseudo_terminal.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/interfaces/slcan_adapter.h"

namespace fleet_edge::simulators {

/// A truck's J1939 bus behind an SLCAN adapter, and a log of it. The ledger outlives it.
class CanDevice : public Device {
 public:
  /// `port`: the serial port's name. The log is `port`.log, as `candump -l` writes it.
  CanDevice(std::string port, DeviceLedger& ledger);

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override { return adapter_.open() && port_.attended(); }
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  struct Sender {
    const J1939Group* group;
    Schedule schedule;
    std::optional<std::size_t> form;  // of a group that says something
  };

  bool Send(const BusFrame& frame, UtcTime now);
  void Identify(UtcTime now);

  const std::string name_ = "can";
  DeviceLedger& ledger_;
  PseudoTerminal port_;
  std::ofstream log_;
  SlcanAdapter adapter_;
  std::vector<Sender> senders_;
  Schedule identification_;
};

}  // namespace fleet_edge::simulators
