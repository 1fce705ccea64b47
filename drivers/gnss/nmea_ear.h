#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/time.h"

namespace fleet_edge::drivers {

/// The rates of receivers, the most usual first.
inline constexpr std::array<std::uint32_t, 4> kNmeaRates{9600, 4800, 38'400, 115'200};

/// What is heard on a serial port at one rate. A value.
struct NmeaHeard {
  bool sentence = false;  ///< of NMEA 0183, its checksum right
  std::string bytes{};    ///< 4 KiB at most
};

/// Listens on a port at `baud` until a sentence has come, for `limit` at most; it writes nothing.
/// Nothing when the port can't be opened.
std::optional<NmeaHeard> ListenForNmea(const std::string& device, std::uint32_t baud,
                                       Duration limit);

}  // namespace fleet_edge::drivers
