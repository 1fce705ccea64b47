#include "agent/init/box_scan.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <stop_token>
#include <string>
#include <system_error>
#include <vector>

#include "agent/config/rule_files.h"
#include "core/stop_event.h"
#include "drivers/gnss/nmea_ear.h"
#include "drivers/io/tcp_stream.h"

namespace fleet_edge::agent::init {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Receivers speak once a second.
constexpr milliseconds kListen{1200};
constexpr milliseconds kConnect{500};
constexpr std::uint16_t kGpsd = 2947;  // IANA
constexpr std::uint16_t kMqtt = 1883;  // IANA
constexpr const char* kCan = "280";    // ARPHRD_CAN, linux/if_arp.h

/// Whether somebody speaks NMEA 0183 on the port at this rate.
bool Hears(const std::string& device, std::uint32_t baud) {
  const auto heard = drivers::ListenForNmea(device, baud, kListen);
  return heard && heard->sentence;
}

/// Names that stay first; a port is listed once.
std::vector<std::string> SerialPorts(const std::string& root) {
  std::vector<std::string> ports;
  std::set<fs::path> known;
  for (const char* const pattern :
       {"dev/serial/by-id/*", "dev/ttyUSB*", "dev/ttyACM*", "dev/ttyAMA*"}) {
    for (const std::string& path : ExpandGlob((fs::path(root) / pattern).string())) {
      std::error_code unknown;
      if (known.insert(fs::canonical(path, unknown)).second) ports.push_back(path);
    }
  }
  return ports;
}

void ListenToPorts(const std::string& root, BoxScan& scan) {
  for (const std::string& port : SerialPorts(root)) {
    const auto* const rate = std::ranges::find_if(
        drivers::kNmeaRates, [&](std::uint32_t baud) { return Hears(port, baud); });
    if (rate == drivers::kNmeaRates.end()) {
      scan.silent_ports.push_back(port);
    } else {
      scan.sources.push_back({.kind = "nmea",
                              .place = port,
                              .why = "speaks NMEA 0183 at " + std::to_string(*rate) + " baud",
                              .baud = static_cast<int>(*rate)});
    }
  }
}

void FindInterfaces(const std::string& root, BoxScan& scan) {
  for (const std::string& path : ExpandGlob((fs::path(root) / "sys/class/net/*").string())) {
    const auto type = ReadFile(path + "/type");
    if (!type || type->substr(0, type->find('\n')) != kCan) continue;
    scan.sources.push_back(
        {.kind = "can", .place = fs::path(path).filename().string(), .why = "a CAN interface"});
  }
}

void FindProbes(const std::string& root, BoxScan& scan) {
  for (const std::string& path :
       ExpandGlob((fs::path(root) / "sys/bus/w1/devices/28-*").string())) {
    scan.sources.push_back({.kind = "sysfs",
                            .place = fs::path(path).filename().string(),
                            .why = "a 1-Wire thermometer"});
  }
}

void FindServers(BoxScan& scan) {
  const std::stop_source never;
  const StopEvent stopped(never.get_token());
  const auto answers = [&](std::uint16_t port) {
    return drivers::ConnectTcp({.host = "127.0.0.1", .port = port}, kConnect, stopped).has_value();
  };
  if (answers(kGpsd)) {
    scan.sources.push_back({.kind = "gpsd", .place = "127.0.0.1:2947", .why = "gpsd listens"});
  }
  if (answers(kMqtt)) {
    scan.sources.push_back(
        {.kind = "mqtt", .place = "127.0.0.1:1883", .why = "an MQTT broker listens"});
  }
}

}  // namespace

BoxScan ScanBox(const std::string& root) {
  BoxScan scan;
  ListenToPorts(root, scan);
  FindInterfaces(root, scan);
  FindProbes(root, scan);
  if (root == "/") FindServers(scan);
  return scan;
}

}  // namespace fleet_edge::agent::init
