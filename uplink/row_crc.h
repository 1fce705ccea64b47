#pragma once

#include <cstdint>

#include "uplink/batch.h"

namespace fleet_edge::uplink {

/// CRC-32 (as in zlib) of a batch's body, followed by lane, epoch, seq and count as little-endian
/// numbers of 64 bits: what a row of the store carries to show that it is what was committed.
std::uint32_t RowCrc(const Batch& batch);

}  // namespace fleet_edge::uplink
