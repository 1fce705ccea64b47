#pragma once

#include <string>

#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/gnss_voice.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/pseudo_terminal.h"
#include "simulators/interfaces/schedule.h"

namespace fleet_edge::simulators {

/// A GNSS receiver on a serial port that speaks NMEA 0183 once a second. The ledger outlives it.
class NmeaDevice : public Device {
 public:
  /// `port`: the serial port's name.
  NmeaDevice(std::string port, DeviceLedger& ledger);

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override { return port_.attended(); }
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  const std::string name_ = "nmea";
  PseudoTerminal port_;
  GnssVoice voice_;
  Schedule schedule_{1};
};

}  // namespace fleet_edge::simulators
