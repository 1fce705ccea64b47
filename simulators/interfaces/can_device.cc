#include "simulators/interfaces/can_device.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/bus_frame.h"
#include "simulators/interfaces/candump_line.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/j1939_group.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/interfaces/slcan_adapter.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{500};
// PGN 65260, vehicle identification: longer than a frame.
constexpr std::uint32_t kVehicleIdentification = 65'260;
constexpr double kIdentificationSeconds = 10;
constexpr std::string_view kVin = "W0FLEETEDGE000001*";

}  // namespace

CanDevice::CanDevice(std::string port, DeviceLedger& ledger)
    : ledger_(ledger),
      port_(std::move(port)),
      log_(port_.link() + ".log"),
      identification_(kIdentificationSeconds) {
  senders_.reserve(TruckGroups().size());
  for (const J1939Group& group : TruckGroups()) {
    std::vector<SeriesName> series;
    series.reserve(group.parameters.size());
    for (const J1939Group::Parameter& parameter : group.parameters) {
      series.push_back(parameter.series);
    }
    std::optional<std::size_t> form;
    if (!series.empty()) form = ledger_.AddForm(std::move(series), Stamp::kArrival);
    senders_.push_back({.group = &group, .schedule = Schedule(group.period_s), .form = form});
  }
}

std::string CanDevice::Configuration() const {
  return "can:\n  slcan: " + port_.link() + "\n  bitrate: 250000\n";
}

void CanDevice::Plug(const Moment& /*moment*/) {
  port_.Plug();
  adapter_ = {};
}

void CanDevice::Unplug(const Moment& moment) {
  if (!port_.Drain(kPatience)) {
    for (const Sender& sender : senders_) {
      if (sender.form) ledger_.DoubtSince(*sender.form, moment.now - 2 * kPatience);
    }
  }
  port_.Unplug();
  log_.flush();
}

void CanDevice::Turn(const Moment& moment) {
  const std::string answers = adapter_.Take(port_.Read());
  if (!answers.empty()) port_.Write(answers);
  if (!attended()) return;
  for (Sender& sender : senders_) {
    if (!sender.schedule.Due(moment.seconds)) continue;
    SaidGroup said = Encode(*sender.group, moment.state);
    if (Send(said.frame, moment.now) && sender.form) {
      ledger_.Say(*sender.form, moment.now, std::move(said.values));
    }
  }
  if (identification_.Due(moment.seconds)) Identify(moment.now);
}

bool CanDevice::Send(const BusFrame& frame, UtcTime now) {
  if (!port_.Write(SlcanAdapter::LineOf(frame))) return false;
  log_ << CandumpLine(frame, now);
  return true;
}

void CanDevice::Identify(UtcTime now) {
  const std::vector<std::uint8_t> bytes(kVin.begin(), kVin.end());
  for (const BusFrame& frame : EncodeBam(kVehicleIdentification, 0, bytes)) {
    Send(frame, now);
  }
}

}  // namespace fleet_edge::simulators
