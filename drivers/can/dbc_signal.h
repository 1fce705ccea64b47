#pragma once

#include <cstdint>

#include "drivers/can/dbc.h"
#include "drivers/can/dbc_words.h"

namespace fleet_edge::drivers {

inline constexpr std::uint32_t kMaxDbcMessageBytes = 1785;  ///< of a J1939 message of many packets
inline constexpr std::uint32_t kMaxDbcSignalBits = 64;

/// Reads what stands behind `SG_`, up to the unit; the receivers behind it don't matter. False when
/// it has told a finding.
bool ReadDbcSignal(DbcWords& words, DbcSignal& signal);

}  // namespace fleet_edge::drivers
