#include "simulators/interfaces/modbus_answer.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {
namespace {

constexpr unsigned kByte = 8;
// V1.1b3, 7: exception codes.
constexpr char kIllegalFunction = 1;
constexpr char kIllegalAddress = 2;
constexpr char kIllegalValue = 3;
constexpr unsigned kException = 0x80;
constexpr unsigned kMostRegisters = 125;
constexpr std::size_t kRequestBytes = 5;

unsigned ByteAt(std::string_view bytes, std::size_t place) {
  return static_cast<unsigned char>(bytes[place]);
}

unsigned WordAt(std::string_view bytes, std::size_t place) {
  return ByteAt(bytes, place) << kByte | ByteAt(bytes, place + 1);
}

}  // namespace

std::string AnswerModbus(std::string_view request, const ModbusRegisters& registers,
                         std::optional<ModbusRange>& read) {
  read.reset();
  const unsigned function = request.empty() ? 0 : ByteAt(request, 0);
  const auto refuse = [function](char code) {
    return std::string{static_cast<char>(function | kException), code};
  };
  if (function != unsigned{static_cast<std::uint8_t>(ModbusTable::kHolding)} &&
      function != unsigned{static_cast<std::uint8_t>(ModbusTable::kInput)}) {
    return refuse(kIllegalFunction);
  }
  if (request.size() != kRequestBytes) return refuse(kIllegalValue);
  const ModbusRange range{.table = static_cast<ModbusTable>(function),
                          .first = WordAt(request, 1),
                          .count = WordAt(request, 3)};
  if (range.count == 0 || range.count > kMostRegisters) return refuse(kIllegalValue);
  std::string answer{static_cast<char>(function), static_cast<char>(2 * range.count)};
  for (unsigned place = range.first; place < range.first + range.count; ++place) {
    const std::optional<std::uint16_t> word = registers(range.table, place);
    if (!word) return refuse(kIllegalAddress);
    answer += static_cast<char>(*word >> kByte);
    answer += static_cast<char>(*word & 0xFFU);
  }
  read = range;
  return answer;
}

}  // namespace fleet_edge::simulators
