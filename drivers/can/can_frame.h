#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/time.h"

namespace fleet_edge::drivers {

/// A classical CAN frame (ISO 11898-1), wherever it comes from. A value.
struct CanFrame {
  enum class Kind : std::uint8_t {
    kData,
    kRemote,  ///< asks for data, has none
    kError,   ///< the controller tells of the bus: `id` holds SocketCAN's error class
  };

  std::uint32_t id = 0;   ///< 11 bits, 29 when extended
  bool extended = false;  ///< the identifier's form
  Kind kind = Kind::kData;
  std::uint8_t length = 0;  ///< of data, 0 to 8
  std::array<std::uint8_t, 8> bytes{};
  Duration age{};  ///< when it was handed on: since it was received, where the source tells it

  std::span<const std::uint8_t> data() const { return {bytes.data(), length}; }
};

/// Which identifiers are wanted: those that equal `id` in the bits of `mask`. A value.
struct CanFilter {
  std::uint32_t id = 0;
  std::uint32_t mask = 0;
  bool extended = false;  ///< the form that is wanted

  friend bool operator==(const CanFilter&, const CanFilter&) = default;
};

}  // namespace fleet_edge::drivers
