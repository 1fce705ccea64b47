#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/stop_event.h"
#include "core/time.h"

namespace fleet_edge::drivers {

/// A TCP server in the vehicle. A value.
struct TcpAddress {
  std::string host;  ///< an IPv4 or IPv6 address; IPv6 without brackets
  std::uint16_t port = 0;
};

/// Reads `192.168.0.10:2947`, `[::1]:2947`, `localhost:2947`; without a port, `port` counts. Names
/// other than localhost are refused: a vehicle's name server can keep a thread waiting for longer
/// than a stop may take. Nothing when it is not of that form.
std::optional<TcpAddress> ParseTcpAddress(std::string_view text, std::uint16_t port);

/// Connects, and waits for it no longer than `limit` or until the stop. Reads and writes on it
/// don't wait. Errors: kRetry, with the mend.
Result<FileDescriptor> ConnectTcp(const TcpAddress& address, Duration limit,
                                  const StopEvent& stopped);

}  // namespace fleet_edge::drivers
