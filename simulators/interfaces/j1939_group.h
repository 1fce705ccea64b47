#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {

/// What a controller of the truck sends again and again: a parameter group of SAE J1939-71. A
/// value.
struct J1939Group {
  /// A parameter in it.
  struct Parameter {
    unsigned first_byte;  ///< from 1, as the standard counts
    unsigned bytes;       ///< 1, 2 or 4; the lowest first
    double scale;
    double offset;
    SeriesName series;
    double (*measure)(const VehicleState&);  ///< in the parameter's unit
  };

  std::uint32_t pgn;
  unsigned priority;    ///< 0 to 7, the lowest first
  std::uint8_t source;  ///< its sender's address
  double period_s;
  std::vector<Parameter> parameters;  ///< none: all its bytes say "not available"
};

/// Those that the truck's controllers send. They live as long as the program.
std::span<const J1939Group> TruckGroups();

/// The frame, and what it says of each parameter: the value as rounded to the parameter's
/// resolution; NaN of a silent sensor, whose bytes say "not available".
struct SaidGroup {
  BusFrame frame;
  std::vector<double> values;  ///< by parameter
};
SaidGroup Encode(const J1939Group& group, const VehicleState& state);

/// More than eight bytes to all, as SAE J1939-21, 5.10.3 (BAM) packs them: the announcement, then
/// packets of seven bytes. Precondition: 9 to 1785 bytes.
std::vector<BusFrame> EncodeBam(std::uint32_t pgn, std::uint8_t source,
                                std::span<const std::uint8_t> bytes);

}  // namespace fleet_edge::simulators
