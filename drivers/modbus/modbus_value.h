#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fleet_edge::drivers {

/// What a value is in one or more Modbus registers of 16 bits each. A value.
struct ModbusForm {
  enum class Type : std::uint8_t {
    kUint16,
    kInt16,
    kUint32,
    kInt32,
    kUint64,
    kInt64,
    kFloat32,  ///< IEEE 754
    kFloat64,
  };

  Type type = Type::kInt16;
  bool little_words = false;  ///< the register with the lowest address holds the lowest bits
  bool little_bytes = false;  ///< in a register the low byte comes first; the standard's is high

  std::size_t registers() const;  ///< 1, 2 or 4
  bool real() const { return type == Type::kFloat32 || type == Type::kFloat64; }
};

/// For error messages.
inline constexpr std::string_view kModbusTypes =
    "uint16 int16 uint32 int32 uint64 int64 float32 float64";

std::optional<ModbusForm::Type> ParseModbusType(std::string_view text);

/// The bits of a value, the lowest first bit's, unused ones 0. The order of bytes is that of the
/// MODBUS Application Protocol V1.1b3, section 4.2; the order of words is no standard's.
/// Precondition: `registers` are as many as the form has.
std::uint64_t ModbusBits(std::span<const std::uint16_t> registers, const ModbusForm& form);

/// What those bits say. NaN or infinite when a real number is; integers beyond 2^53 are rounded.
double ModbusNumber(std::uint64_t bits, ModbusForm::Type type);

}  // namespace fleet_edge::drivers
