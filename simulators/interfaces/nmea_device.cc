#include "simulators/interfaces/nmea_device.h"

#include <chrono>
#include <string>
#include <utility>

#include "core/time.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/nmea_epoch.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::chrono::milliseconds kPatience{500};

}  // namespace

NmeaDevice::NmeaDevice(std::string port, DeviceLedger& ledger)
    : port_(std::move(port)), voice_(ledger) {}

std::string NmeaDevice::Configuration() const {
  return "nmea:\n  device: " + port_.link() + "\n  baud: 9600\n";
}

void NmeaDevice::Plug(const Moment& /*moment*/) { port_.Plug(); }

void NmeaDevice::Unplug(const Moment& moment) {
  port_.Drain(kPatience);
  voice_.DoubtLast(moment.now);
  port_.Unplug();
}

void NmeaDevice::Turn(const Moment& moment) {
  port_.Read();  // a receiver may be set up; this one is
  if (!attended() || !schedule_.Due(moment.seconds)) return;
  const UtcTime time = AsNmeaTells(moment.now);
  if (!port_.Write(NmeaEpoch(moment.state.gnss, time))) return;
  voice_.Say(AsNmeaTells(moment.state.gnss), time);
}

}  // namespace fleet_edge::simulators
