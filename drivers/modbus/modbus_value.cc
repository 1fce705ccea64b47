#include "drivers/modbus/modbus_value.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace fleet_edge::drivers {
namespace {

using Type = ModbusForm::Type;

constexpr std::array<std::pair<std::string_view, Type>, 8> kTypes{{{"uint16", Type::kUint16},
                                                                   {"int16", Type::kInt16},
                                                                   {"uint32", Type::kUint32},
                                                                   {"int32", Type::kInt32},
                                                                   {"uint64", Type::kUint64},
                                                                   {"int64", Type::kInt64},
                                                                   {"float32", Type::kFloat32},
                                                                   {"float64", Type::kFloat64}}};

std::uint16_t Swapped(std::uint16_t word) {
  return static_cast<std::uint16_t>(word << 8 | word >> 8);
}

}  // namespace

std::size_t ModbusForm::registers() const {
  switch (type) {
    case Type::kUint16:
    case Type::kInt16:
      return 1;
    case Type::kUint32:
    case Type::kInt32:
    case Type::kFloat32:
      return 2;
    case Type::kUint64:
    case Type::kInt64:
    case Type::kFloat64:
      return 4;
  }
  return 1;
}

std::optional<Type> ParseModbusType(std::string_view text) {
  const auto* const found =
      std::ranges::find(kTypes, text, [](const auto& entry) { return entry.first; });
  if (found == kTypes.end()) return std::nullopt;
  return found->second;
}

std::uint64_t ModbusBits(std::span<const std::uint16_t> registers, const ModbusForm& form) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < registers.size(); ++i) {
    const std::uint16_t word = registers[form.little_words ? registers.size() - 1 - i : i];
    bits = bits << 16 | (form.little_bytes ? Swapped(word) : word);
  }
  return bits;
}

double ModbusNumber(std::uint64_t bits, Type type) {
  switch (type) {
    case Type::kUint16:
    case Type::kUint32:
    case Type::kUint64:
      return static_cast<double>(bits);
    case Type::kInt16:
      return static_cast<std::int16_t>(bits);
    case Type::kInt32:
      return static_cast<std::int32_t>(bits);
    case Type::kInt64:
      return static_cast<double>(static_cast<std::int64_t>(bits));
    case Type::kFloat32:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case Type::kFloat64:
      return std::bit_cast<double>(bits);
  }
  return 0;
}

}  // namespace fleet_edge::drivers
