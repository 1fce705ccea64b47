#include "simulators/interfaces/devices_run.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/time.h"
#include "simulators/anomaly.h"
#include "simulators/interfaces/agent_files.h"
#include "simulators/interfaces/can_device.h"
#include "simulators/interfaces/device.h"
#include "simulators/interfaces/gpsd_device.h"
#include "simulators/interfaces/measured_vehicle.h"
#include "simulators/interfaces/modbus_device.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/mqtt_device.h"
#include "simulators/interfaces/nmea_device.h"
#include "simulators/interfaces/obd_device.h"
#include "simulators/interfaces/probes_device.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/interfaces/unplugging.h"
#include "simulators/random.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::steady_clock;

// What an adapter's answer may wait for.
constexpr std::chrono::milliseconds kTick{5};
// The agent subscribes at its start, of which a publisher hears nothing: it speaks this much later
// than the others are listened to.
constexpr double kSubscribedSeconds = 3;
// Of a last message, to be on its way before the ledger's end.
constexpr std::chrono::seconds kLast{1};

std::filesystem::path Made(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  return std::filesystem::absolute(folder);
}

std::vector<Anomaly> Plan(const DevicesRun::Options& options) {
  Random random(options.seed, options.vehicle + "/anomalies");
  if (!options.anomalies) return {};
  return PlanAnomalies(options.duration, kVehicleZones, random);
}

double SecondsSince(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

}  // namespace

DevicesRun::DevicesRun(const Options& options)
    : options_(options),
      vehicle_(options.vehicle, options.seed, Plan(options)),
      ledger_(options.ledger, options.vehicle, options.seed, SystemClock().Now()),
      state_(&vehicle_.Advance(0)) {
  const std::filesystem::path folder = Made(options.folder);
  AddDevices(folder);
  for (const Unplugging& unplugging : options.unpluggings) {
    if (std::ranges::none_of(sockets_, [&](const Socket& socket) {
          return socket.device->name() == unplugging.device;
        })) {
      throw std::invalid_argument("no device is called " + unplugging.device);
    }
  }
  std::string drivers;
  for (Socket& socket : sockets_) {
    if (socket.device->name() != "mqtt") Set(socket, true);
    drivers += DriverItem(socket.device->name(), socket.device->Configuration());
  }
  AgentFiles{
      .vehicle = options.vehicle, .folder = folder, .hub = options.hub, .broker = options.broker}
      .Write(drivers, ledger_.Series());
}

void DevicesRun::AddDevices(const std::filesystem::path& folder) {
  std::vector<std::string> names = options_.devices;
  if (names.empty()) {
    names.assign(kUsualDevices.begin(), kUsualDevices.end());
    if (options_.broker.empty()) std::erase(names, "mqtt");
  }
  const auto wanted = [&names](const char* name) {
    return std::ranges::find(names, name) != names.end();
  };
  if (wanted("gpsd") && wanted("nmea")) {
    throw std::invalid_argument("gpsd and nmea tell of the same signals: take one");
  }
  for (const std::string& name : names) sockets_.push_back({.device = Make(name, folder)});
}

std::unique_ptr<Device> DevicesRun::Make(const std::string& name,
                                         const std::filesystem::path& folder) {
  if (name == "can") return std::make_unique<CanDevice>((folder / "can").string(), ledger_);
  if (name == "gpsd") return std::make_unique<GpsdDevice>(ledger_);
  if (name == "modbus") return std::make_unique<ModbusDevice>(ledger_);
  if (name == "nmea") return std::make_unique<NmeaDevice>((folder / "gnss").string(), ledger_);
  if (name == "obd") return std::make_unique<ObdDevice>((folder / "obd").string(), ledger_);
  if (name == "probes") return std::make_unique<ProbesDevice>(folder / "sys", ledger_);
  if (name != "mqtt") throw std::invalid_argument("no device is called " + name);
  if (options_.broker.empty()) throw std::invalid_argument("mqtt needs --broker");
  return std::make_unique<MqttDevice>(options_.broker, ledger_);
}

std::filesystem::path DevicesRun::configuration() const {
  return std::filesystem::absolute(options_.folder) / "fleet-edge.yaml";
}

std::vector<std::string> DevicesRun::Unattended() const {
  std::vector<std::string> names;
  for (const Socket& socket : sockets_) {
    if (socket.plugged && !socket.device->attended()) names.push_back(socket.device->name());
  }
  return names;
}

void DevicesRun::Await(StopSignal& stop) {
  const double patience = ToSeconds(options_.patience);
  while (!Unattended().empty() && SecondsSince(made_) < patience) {
    if (stop.WaitUntil(steady_clock::now() + kTick)) return;
    Turn(Now());
  }
}

Moment DevicesRun::Now() const {
  return {.now = SystemClock().Now(), .seconds = SecondsSince(made_), .state = *state_};
}

DevicesRun::Summary DevicesRun::Run(StopSignal& stop) {
  const double left = SecondsSince(made_);
  Schedule life(0.1);
  for (double seconds = 0; seconds < ToSeconds(options_.duration);) {
    if (stop.WaitUntil(steady_clock::now() + kTick)) break;
    seconds = SecondsSince(made_) - left;
    if (life.Due(seconds)) state_ = &vehicle_.Advance(seconds * options_.speed);
    Follow(seconds);
    Turn(Now());
  }
  for (Socket& socket : sockets_) Set(socket, false);
  stop.WaitUntil(steady_clock::now() + kLast);
  ledger_.Close(SystemClock().Now());
  return {.messages = ledger_.messages(), .readings = ledger_.readings()};
}

void DevicesRun::Turn(const Moment& moment) {
  for (Socket& socket : sockets_) {
    if (socket.plugged) socket.device->Turn(moment);
  }
  if (tend_.Due(moment.seconds)) ledger_.Tend(moment.now);
}

void DevicesRun::Follow(double seconds) {
  for (Socket& socket : sockets_) {
    const std::string& name = socket.device->name();
    const bool early = name == "mqtt" && seconds < kSubscribedSeconds;
    Set(socket, !early && !Away(name, seconds));
  }
}

void DevicesRun::Set(Socket& socket, bool plugged) {
  if (socket.plugged == plugged) return;
  socket.plugged = plugged;
  const Moment moment = Now();
  if (plugged) {
    socket.device->Plug(moment);
  } else {
    socket.device->Unplug(moment);
  }
  std::fprintf(stderr, "fleet-sim: %s  %s %s\n", ToString(moment.now).c_str(),
               socket.device->name().c_str(), plugged ? "plugged in" : "unplugged");
}

bool DevicesRun::Away(const std::string& device, double seconds) const {
  return std::ranges::any_of(options_.unpluggings, [&](const Unplugging& away) {
    return away.device == device && ToSeconds(away.at) <= seconds &&
           seconds < ToSeconds(away.at + away.away);
  });
}

}  // namespace fleet_edge::simulators
