#pragma once

#include <string>
#include <string_view>

#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/gnss_voice.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/interfaces/tcp_server.h"

namespace fleet_edge::simulators {

/// gpsd with one receiver, for clients that watch it in JSON. The ledger outlives it.
class GpsdDevice : public Device {
 public:
  explicit GpsdDevice(DeviceLedger& ledger) : voice_(ledger) {}

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override;
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  static void Answer(std::string_view request, TcpServer::Client& client, const Moment& moment);

  const std::string name_ = "gpsd";
  TcpServer server_;
  GnssVoice voice_;
  Schedule schedule_{1};
};

}  // namespace fleet_edge::simulators
