#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/doctor/finding.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {

/// A server as it is configured. A value.
struct HostPort {
  std::string host{};  ///< IPv6 without brackets
  std::string port{};

  /// As it is written: `host:port`, `[::1]:port`.
  std::string text() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
  }
};

/// The servers of `host:port,PROTOCOL://host:port`; `port` where one has none.
std::vector<HostPort> ParseHosts(std::string_view text, const std::string& port);

/// Whether a port is a number from 1 to 65535.
bool IsPort(std::string_view text);

/// An address of a host, to connect to. A value.
struct Address {
  std::vector<std::byte> bytes{};  ///< a sockaddr
  int family = 0;
  std::string text{};  ///< `192.0.2.1`
};

/// Looks a name up, for `limit` at most. Errors: kRetry, the resolver's word.
Result<std::vector<Address>> Resolve(const HostPort& host, Duration limit);

/// Connects to the first address that answers within `limit`. Reads and writes don't wait.
/// Errors: kRetry, the kernel's word.
Result<FileDescriptor> Connect(const std::vector<Address>& addresses, Duration limit);

}  // namespace fleet_edge::agent::doctor
