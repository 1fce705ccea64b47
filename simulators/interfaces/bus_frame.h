#pragma once

#include <array>
#include <cstdint>

namespace fleet_edge::simulators {

/// A data frame of a classic CAN bus. A value.
struct BusFrame {
  std::uint32_t id = 0;
  bool extended = true;     ///< 29 bits, else 11
  std::uint8_t length = 8;  ///< bytes that count
  std::array<std::uint8_t, 8> bytes{};
};

}  // namespace fleet_edge::simulators
