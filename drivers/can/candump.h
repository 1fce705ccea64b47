#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/can/can_frame.h"

namespace fleet_edge::drivers {

/// Reads a line of can-utils' candump: the log form (`-l`)
///
///     (1700000000.123456) can0 18FEF100#FFFFFFFFFFFFFFFF
///
/// or what it shows on the screen with absolute times (`-t a`)
///
///      (1700000000.123456)  can0  18FEF100   [8]  FF FF FF FF FF FF FF FF
///
/// An identifier of more than three digits is extended; one with SocketCAN's flag CAN_ERR_FLAG
/// (0x20000000, linux/can.h) is an error frame. CAN FD (`##`) is of a type that isn't read.
///
/// Returns why the line is refused: a reason of drivers/rejections.h. Pure.
std::optional<std::string_view> ReadCandump(std::string_view line, UtcTime& time, CanFrame& frame);

/// True when the line looks like candump's: `(` and a number.
bool LooksLikeCandump(std::string_view line);

}  // namespace fleet_edge::drivers
