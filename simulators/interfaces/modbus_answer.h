#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {

/// Registers that a unit has, by where they stand.
enum class ModbusTable : std::uint8_t { kHolding = 3, kInput = 4 };  // the functions that read them

/// Registers that were read. A value.
struct ModbusRange {
  ModbusTable table{};
  unsigned first = 0;
  unsigned count = 0;

  /// True when all `count` registers from `begin` on were among them.
  bool Holds(ModbusTable of, unsigned begin, unsigned length) const {
    return table == of && first <= begin && begin + length <= first + count;
  }
};

/// What a register holds; nothing when there is none.
using ModbusRegisters = std::function<std::optional<std::uint16_t>(ModbusTable, unsigned)>;

/// A unit's answer to a request, both without address and checksum ("PDU", Modbus Application
/// Protocol V1.1b3, 6): functions 3 and 4; for all else an exception. `read`: what was read, if
/// anything.
std::string AnswerModbus(std::string_view request, const ModbusRegisters& registers,
                         std::optional<ModbusRange>& read);

}  // namespace fleet_edge::simulators
