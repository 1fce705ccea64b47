#pragma once

#include <string>
#include <vector>

namespace fleet_edge::agent::init {

/// Something on this box that a driver can read. A value.
struct Source {
  std::string kind{};   ///< of the drivers' table: nmea, can, gpsd, sysfs, mqtt
  std::string place{};  ///< a device, an interface, an address; of sysfs a 1-Wire sensor's id
  std::string why{};    ///< how it was found, for people
  int baud = 0;         ///< of nmea: at which it speaks; 0: unknown
};

/// What a box has. A value.
struct BoxScan {
  std::vector<Source> sources{};
  std::vector<std::string> silent_ports{};  ///< serial ports on which nobody speaks NMEA by itself
};

/// Looks for it below `root` (`/`; a test has its own): serial ports, each listened to for a second
/// or two at the usual rates, CAN interfaces, 1-Wire sensors; and at this machine's gpsd and MQTT
/// broker. Asks nothing of what it finds and writes to none.
BoxScan ScanBox(const std::string& root);

}  // namespace fleet_edge::agent::init
