#include "drivers/obd/obd_options.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/section.h"
#include "core/signal.h"
#include "core/time.h"
#include "drivers/io/serial_port.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Where ELM327 adapters with Wi-Fi listen.
constexpr std::uint16_t kTcpPort = 35'000;

constexpr Duration kMostOften = milliseconds{100};

/// The unit that `pid` is converted from: a signal outside the catalogue keeps it.
std::string_view UnitFor(std::string_view series, const ObdPid& pid) {
  const bool catalogued = FindSignal(series.substr(0, series.find('{'))) != nullptr;
  return catalogued ? pid.unit : std::string_view{};
}

const ObdPid* Known(std::string_view pid) {
  const auto number = ParseObdPid(pid);
  return number ? FindObdPid(*number) : nullptr;
}

std::string KnownPids() {
  std::string names;
  for (const ObdPid& pid : ObdPids()) {
    names.append(names.empty() ? "" : ", ").append(ObdPidName(pid.pid)).append(" ");
    names.append(pid.description);
  }
  return names;
}

void CheckSource(Section& section, ObdOptions& options) {
  const std::array<const std::string*, 3> places{&options.device, &options.address,
                                                 &options.interface};
  if (std::ranges::count_if(places, [](const auto* place) { return !place->empty(); }) != 1) {
    section.Fail("device", "there is one way to the vehicle",
                 "Write one of `device: /dev/ttyUSB0`, `address: 192.168.0.10:35000`, "
                 "`interface: can0`");
  }
  if (!options.address.empty()) {
    options.tcp = ParseTcpAddress(options.address, kTcpPort);
    if (!options.tcp) {
      section.Fail("address", "'" + options.address + "' is no address",
                   "Write for example 192.168.0.10:35000");
    }
  }
  if (!IsBaudRate(options.baud)) {
    section.Fail("baud", "serial ports don't have this rate", "Write 38400, 9600 or 115200");
  }
}

void CheckSignals(Section& section, const ObdOptions& options) {
  std::set<const ObdPid*> taken;
  for (const auto& [series, signal] : options.signals) {
    const ObdPid* const pid = Known(signal.pid);
    if (pid == nullptr) continue;  // told where it stands
    ReadSignalTarget(series, UnitFor(series, *pid), section.PositionOf("signals"),
                     section.context());
    if (!taken.insert(pid).second) {
      section.Fail("signals", "parameter " + ObdPidName(pid->pid) + " stands twice",
                   "Leave one of them out");
    }
    if (signal.every == Duration{0}) continue;
    if (signal.every < kMostOften || signal.every * 2 > options.stale_after) {
      section.Fail("signals", "`every` of " + series + " is out of range",
                   "Write 100ms or more, and at most half of stale_after, which is " +
                       ToString(options.stale_after));
    }
  }
}

}  // namespace

void Describe(Section& section, ObdOptions::Signal& signal) {
  section.Require("pid", signal.pid, "The parameter of service 01, in hexadecimal: 0x5C.");
  section.Key("every", signal.every,
              "How often it is asked for. 0: as is usual for it, 1s to 10s.");
  if (section.reading() && !signal.pid.empty() && Known(signal.pid) == nullptr) {
    section.Fail("pid", "'" + signal.pid + "' is no parameter that is known",
                 "Known, in hexadecimal: " + KnownPids());
  }
}

void Describe(Section& section, ObdOptions& options) {
  section.Key("device", options.device, "The serial port of an ELM327 adapter.");
  section.Key("address", options.address,
              "In its place: an ELM327 adapter on TCP, such as 192.168.0.10:35000.");
  section.Key("interface", options.interface,
              "In its place: SocketCAN's interface, such as can0. It must be able to send.");
  section.Key("baud", options.baud, "Of the serial port.");
  section.Key("signals", options.signals,
              "Series → {pid, every}. Default: what the vehicle supports and the catalogue has.");
  section.Key("asleep_every", options.asleep_every,
              "How often a vehicle that does not answer is asked. Signs that it wakes are looked "
              "for every 2s.");
  section.Key("stale_after", options.stale_after, "Silence after which a signal is stale.");
  if (!section.reading()) return;
  CheckSource(section, options);
  if (options.asleep_every < seconds{5}) {
    section.Fail("asleep_every",
                 "questions can keep a vehicle from its sleep, and empty its battery",
                 "Write 5s or more");
  }
  if (options.stale_after < seconds{20}) {
    section.Fail("stale_after", "some parameters are asked for every 10s", "Write 20s or more");
  }
  CheckSignals(section, options);
}

std::vector<Section::KeyDoc> ObdOptionsReference() {
  return Section::Reference<ObdOptions>("drivers[].obd");
}

std::vector<ObdWanted> ObdWantedOf(const ObdOptions& options) {
  std::vector<ObdWanted> wanted;
  const auto add = [&](const ObdPid& pid, std::string_view series, Duration every) {
    auto target = ParseSignalTarget(series, UnitFor(series, pid));
    if (target) wanted.push_back({&pid, std::move(*target), every});
  };
  for (const auto& [series, signal] : options.signals) {
    const ObdPid* const pid = Known(signal.pid);
    if (pid != nullptr) add(*pid, series, signal.every > Duration{0} ? signal.every : pid->every);
  }
  if (!options.signals.empty()) return wanted;
  for (const ObdPid& pid : ObdPids()) {
    if (!pid.signal.empty()) add(pid, pid.signal, pid.every);
  }
  return wanted;
}

}  // namespace fleet_edge::drivers
