#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/elm327_adapter.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/pseudo_terminal.h"

namespace fleet_edge::simulators {

/// An ELM327 adapter on the vehicle's diagnostic plug. It has what engines have; the agent's
/// configuration asks for what no other device tells. The ledger outlives it.
class ObdDevice : public Device {
 public:
  /// `port`: the serial port's name.
  ObdDevice(std::string port, DeviceLedger& ledger);

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override { return asked_ && port_.attended(); }
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  const std::string name_ = "obd";
  DeviceLedger& ledger_;
  PseudoTerminal port_;
  Elm327Adapter adapter_;
  std::map<std::uint8_t, std::size_t> forms_;  // by PID
  bool asked_ = false;                         // since it was plugged in
};

}  // namespace fleet_edge::simulators
