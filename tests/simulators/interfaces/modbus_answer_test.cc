#include "simulators/interfaces/modbus_answer.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {
namespace {

using namespace std::string_view_literals;

/// The registers of the standard's examples, as numbers on the wire: from 0.
std::optional<std::uint16_t> RegisterAt(ModbusTable table, unsigned place) {
  if (table == ModbusTable::kInput) {
    return place == 8 ? std::optional<std::uint16_t>(0x000A) : std::nullopt;
  }
  if (place == 0x6B) return 0x022B;
  if (place == 0x6C) return 0x0000;
  if (place == 0x6D) return 0x0064;
  return std::nullopt;
}

std::string Answer(std::string_view request, std::optional<ModbusRange>& read) {
  return AnswerModbus(request, RegisterAt, read);
}

}  // namespace

TEST_CASE("Modbus answer: the standard's examples of functions 3 and 4") {
  std::optional<ModbusRange> read;
  CHECK(Answer("\x03\x00\x6B\x00\x03"sv, read) == "\x03\x06\x02\x2B\x00\x00\x00\x64"sv);
  REQUIRE(read);
  CHECK(read->Holds(ModbusTable::kHolding, 0x6C, 2));
  CHECK_FALSE(read->Holds(ModbusTable::kHolding, 0x6D, 2));
  CHECK_FALSE(read->Holds(ModbusTable::kInput, 0x6C, 1));
  CHECK(Answer("\x04\x00\x08\x00\x01"sv, read) == "\x04\x02\x00\x0A"sv);
}

TEST_CASE("Modbus answer: what can't be answered is an exception, and reads nothing") {
  std::optional<ModbusRange> read;
  CHECK(Answer("\x06\x00\x6B\x00\x03"sv, read) == "\x86\x01"sv);
  CHECK(Answer("\x03\x00\x6B\x00\x04"sv, read) == "\x83\x02"sv);
  CHECK(Answer("\x03\x00\x6B\x00\x00"sv, read) == "\x83\x03"sv);
  CHECK(Answer("\x03\x00\x6B\x00\x7E"sv, read) == "\x83\x03"sv);
  CHECK(Answer("\x03\x00\x6B"sv, read) == "\x83\x03"sv);
  CHECK(Answer("", read) == "\x80\x01"sv);
  CHECK_FALSE(read);
}

}  // namespace fleet_edge::simulators
