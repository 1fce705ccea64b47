#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/time.h"

namespace fleet_edge::drivers {

/// The two tables of registers that can be read: MODBUS Application Protocol V1.1b3, section 4.3.
enum class ModbusTable : std::uint8_t {
  kHolding,  ///< function 03
  kInput,    ///< function 04
};

/// Registers that lie together.
struct ModbusRange {
  std::uint8_t unit = 1;
  ModbusTable table = ModbusTable::kHolding;
  std::uint16_t first = 0;  ///< as on the wire: from 0
  std::uint16_t count = 1;

  unsigned end() const { return first + 0U + count; }
};

/// A value that is wanted.
struct ModbusPoint {
  ModbusRange range;
  Duration every;
};

/// One request on the wire, and which points it answers.
struct ModbusRequest {
  ModbusRange range;
  Duration every;
  std::vector<std::size_t> points;  ///< places in the list that was planned
};

/// Registers of a request at most: V1.1b3, sections 6.3 and 6.4.
inline constexpr std::uint16_t kModbusMaxRegisters = 125;

/// Registers that nobody wants and a request reads nevertheless, between two that are wanted: as
/// much as a request of its own would cost on the wire.
inline constexpr unsigned kModbusMaxGap = 8;

/// Puts neighbours with the same period into one request each, of `max_registers` at most.
/// Precondition: no point has more registers than that.
std::vector<ModbusRequest> PlanModbus(std::span<const ModbusPoint> points,
                                      std::uint16_t max_registers);

}  // namespace fleet_edge::drivers
