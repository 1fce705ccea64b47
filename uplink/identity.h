#pragma once

#include <cstdint>
#include <string>

namespace fleet_edge::uplink {

/// Whose batches these are: what every record carries besides its lane's sequence number. A value.
struct Identity {
  std::string vehicle;
  std::uint64_t epoch = 0;  ///< greater than that of every start before it
  std::uint32_t boot = 0;   ///< first four bytes of the kernel's boot id
};

}  // namespace fleet_edge::uplink
