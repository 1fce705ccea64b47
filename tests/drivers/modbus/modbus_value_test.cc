#include "drivers/modbus/modbus_value.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fleet_edge::drivers {
namespace {

using Registers = std::vector<std::uint16_t>;

double Read(std::string_view type, const Registers& registers, bool little_words = false,
            bool little_bytes = false) {
  const ModbusForm form{*ParseModbusType(type), little_words, little_bytes};
  REQUIRE(form.registers() == registers.size());
  return ModbusNumber(ModbusBits(registers, form), form.type);
}

TEST_CASE("ModbusValue: integers of all widths, with their signs") {
  CHECK(Read("uint16", {0xFFFE}) == 65'534);
  CHECK(Read("int16", {0xFFFE}) == -2);
  CHECK(Read("int16", {0x8000}) == -32'768);
  CHECK(Read("uint32", {0x0001, 0x0002}) == 65'538);
  CHECK(Read("uint32", {0xFFFF, 0xFFFF}) == 4'294'967'295);
  CHECK(Read("int32", {0xFFFF, 0xFFFE}) == -2);
  CHECK(Read("uint64", {0, 1, 0, 0}) == 4'294'967'296);
  CHECK(Read("int64", {0xFFFF, 0xFFFF, 0xFFFF, 0xFF38}) == -200);
}

// IEEE 754-2019, section 3.4: −118.625 is 0xC2ED4000, the textbook's example.
TEST_CASE("ModbusValue: real numbers in the four orders that devices have") {
  CHECK(Read("float32", {0xC2ED, 0x4000}) == -118.625);
  CHECK(Read("float32", {0x4000, 0xC2ED}, true) == -118.625);
  CHECK(Read("float32", {0xEDC2, 0x0040}, false, true) == -118.625);
  CHECK(Read("float32", {0x0040, 0xEDC2}, true, true) == -118.625);
  CHECK(Read("float64", {0xC05D, 0xA800, 0, 0}) == -118.625);
  CHECK(Read("float64", {0, 0, 0xA800, 0xC05D}, true) == -118.625);
  CHECK(std::isnan(Read("float32", {0x7FC0, 0})));
}

TEST_CASE("ModbusValue: types have the names of the list, and no others") {
  CHECK(ParseModbusType("float32") == ModbusForm::Type::kFloat32);
  for (const std::string_view text : {"", "int8", "INT16", "double"}) {
    CHECK_FALSE(ParseModbusType(text));
  }
}

}  // namespace
}  // namespace fleet_edge::drivers
