#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/doctor/account.h"
#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// What there is to know of a path that a driver reads. A value.
struct DeviceFacts {
  enum class Kind : std::uint8_t {
    kMissing,
    kSerial,     ///< a terminal
    kInterface,  ///< of the network, of any type
    kOther,
  };

  std::string path{};
  std::string driver{};  ///< who reads it
  Kind kind = Kind::kMissing;
  bool wants_can = false;  ///< the path names a network interface
  bool is_can = false;
  bool is_up = false;
  int access = 0;                      ///< errno of opening it as the account that is judged
  std::string account{};               ///< its name
  std::string group{};                 ///< the path's
  std::vector<std::string> openers{};  ///< `gpsd (pid 812)`: who else has it open, as far as we see
};

/// Opens nothing: opening a serial port moves its lines, and restarts many a device.
DeviceFacts ProbeDevice(const std::string& path, const std::string& driver, const Account& account);

Finding JudgeDevice(const DeviceFacts& facts);

/// Of a serial port that the driver `reader` reads, too.
Finding JudgeShared(const DeviceFacts& facts, const std::string& reader);

}  // namespace fleet_edge::agent::doctor
