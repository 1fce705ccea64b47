#pragma once

#include <string_view>

#include "drivers/can/can_frame.h"

namespace fleet_edge::drivers {

/// What a line of an SLCAN adapter is.
enum class SlcanLine {
  kFrame,
  kAnswer,     ///< to a command: empty, `z`, `Z`, a version or a state
  kMalformed,  ///< neither
};

/// Reads one line, without its carriage return (LAWICEL CAN232 manual, 1.3: `t`, `T`, `r`, `R`,
/// with or without the time stamp of four digits behind). Pure.
SlcanLine ReadSlcan(std::string_view line, CanFrame& frame);

}  // namespace fleet_edge::drivers
