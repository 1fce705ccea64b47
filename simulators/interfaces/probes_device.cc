#include "simulators/interfaces/probes_device.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/sysfs_tree.h"
#include "simulators/ledger.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

namespace fs = std::filesystem;

constexpr double kPeriodSeconds = 2;
// The agent looks every 500 ms.
constexpr Duration kReader = std::chrono::milliseconds{500};
constexpr std::array<std::size_t, 4> kZones{2, 5, 6, 7};
constexpr const char* kProbe = "28-0000075a5b2c";

double Cargo(const VehicleState& state, std::size_t zone) {
  return zone > state.cargo_celsius.size() ? state.ambient_celsius : state.cargo_celsius[zone - 1];
}

}  // namespace

ProbesDevice::ProbesDevice(fs::path root, DeviceLedger& ledger)
    : ledger_(ledger),
      root_(std::move(root)),
      away_(root_.string() + ".away"),
      schedule_(kPeriodSeconds) {
  fs::remove_all(root_);
  fs::remove_all(away_);
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    const Labels zone{{"zone", std::to_string(kZones.at(probe))}};
    forms_.at(probe) = ledger_.AddForm({{"cargo_celsius", zone}}, Stamp::kLook, kReader);
  }
}

std::string ProbesDevice::Configuration() const {
  return "sysfs:\n  root: " + root_.string() +
         "\n  every: 500ms\n  stale_after: 2s\n  signals:\n"
         "    'cargo_celsius{zone=\"2\"}': {w1: " +
         kProbe +
         "}\n"
         "    'cargo_celsius{zone=\"5\"}': {hwmon: tmp102, channel: front}\n"
         "    'cargo_celsius{zone=\"6\"}': {iio: si7020}\n"
         "    'cargo_celsius{zone=\"7\"}': {thermal: cooler}\n";
}

void ProbesDevice::Plug(const Moment& moment) {
  // What was to be seen last is gone: new values first, then the name.
  fs::create_directories(away_);
  Measure(moment);
  fs::rename(away_, root_);
}

void ProbesDevice::Unplug(const Moment& moment) {
  fs::rename(root_, away_);
  for (const std::size_t form : forms_) ledger_.FallSilent(form, moment.now);
}

void ProbesDevice::Turn(const Moment& moment) {
  if (schedule_.Due(moment.seconds)) Measure(moment);
}

void ProbesDevice::Measure(const Moment& moment) {
  std::error_code ignored;
  const SysfsTree tree(fs::exists(root_, ignored) ? root_ : away_);
  const VehicleState& state = moment.state;
  const auto cargo = [&state](std::size_t probe) { return Cargo(state, kZones.at(probe)); };
  ledger_.Say(forms_[0], moment.now, {tree.WriteW1(kProbe, cargo(0))});
  ledger_.Say(forms_[1], moment.now, {tree.WriteHwmon(0, "tmp102", "front", cargo(1))});
  ledger_.Say(forms_[2], moment.now, {tree.WriteIio(0, "si7020", cargo(2))});
  ledger_.Say(forms_[3], moment.now, {tree.WriteThermal(0, "cooler", cargo(3))});
}

}  // namespace fleet_edge::simulators
