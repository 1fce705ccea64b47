#pragma once

#include <optional>
#include <string>

#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "core/yaml.h"
#include "drivers/io/tcp_stream.h"

namespace fleet_edge::agent::doctor {

/// Where a driver reads from by TCP. A value.
struct DeviceAddress {
  std::string kind{};  ///< the driver's
  drivers::TcpAddress server{};
};

/// Of an item of the configuration's list of drivers that has no mistakes; nothing when it reads
/// from elsewhere. An MQTT broker has a look of its own (broker.h).
std::optional<DeviceAddress> AddressOf(const YamlNode& item);

/// Whether somebody takes the connection that `driver` will make; nothing is sent on it.
Finding ExamineAddress(const std::string& driver, const DeviceAddress& address,
                       const Deadline& deadline);

}  // namespace fleet_edge::agent::doctor
