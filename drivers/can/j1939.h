#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fleet_edge::drivers {

/// A 29-bit identifier as SAE J1939-21 (5.2) divides it.
struct J1939Id {
  std::uint32_t pgn = 0;           ///< parameter group, 18 bits; without the destination
  std::uint8_t source = 0;         ///< address of who sends
  std::uint8_t destination = 255;  ///< of PDU1 groups; 255: all

  static J1939Id Of(std::uint32_t can_id);
};

/// A suspect parameter (SPN) that is read, as SAE J1939-71 defines it. The table of all is in
/// j1939.cc.
struct J1939Parameter {
  std::uint32_t pgn;
  std::uint32_t spn;
  std::uint8_t first_byte;  ///< counted from 1, as the standard does
  std::uint8_t bytes;       ///< 1, 2 or 4, the least significant first
  double scale;
  double offset;
  std::string_view signal;  ///< in the catalogue's unit
  std::string_view zone;    ///< its label `zone`; empty: none
};

/// All that are read, ordered by PGN.
std::span<const J1939Parameter> J1939Parameters();

/// What one parameter group says.
struct J1939Report {
  struct Value {
    std::size_t parameter;  ///< its place in J1939Parameters()
    double value;
  };

  std::vector<Value> values;
  std::vector<std::size_t>
      failed;  ///< their sender reports an error, or a value that it can't have

  void clear() {
    values.clear();
    failed.clear();
  }
};

/// Reads the data of a parameter group into `report`, which it clears. Parameters that are not
/// available (0xFF…) or beyond the data are left out. False when no parameter of the group is read.
/// Ranges: SAE J1939-71, 5.1.4. Pure.
bool ReadJ1939(std::uint32_t pgn, std::span<const std::uint8_t> data, J1939Report& report);

}  // namespace fleet_edge::drivers
