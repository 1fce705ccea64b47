#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::agent {

/// Sends one datagram to a socket of this machine, as systemd's protocols ask: `path` is a file, or
/// begins with `@` in the abstract namespace. Blocks while the receiver's queue is full. Returns 0,
/// or errno: EMSGSIZE for what is longer than the kernel takes at once, some 200 kB. Any thread.
int SendLocalDatagram(const std::string& path, std::string_view text);

}  // namespace fleet_edge::agent
