#include "drivers/modbus/modbus_plan.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

ModbusPoint At(std::uint16_t first, std::uint16_t count = 1, std::uint8_t unit = 1,
               ModbusTable table = ModbusTable::kHolding, int every = 1) {
  return {{.unit = unit, .table = table, .first = first, .count = count}, seconds{every}};
}

/// `first+count:points` of each request.
std::string Plan(const std::vector<ModbusPoint>& points, std::uint16_t max = kModbusMaxRegisters) {
  std::string shown;
  for (const ModbusRequest& request : PlanModbus(points, max)) {
    shown += (shown.empty() ? "" : " ") + std::to_string(request.range.first) + "+" +
             std::to_string(request.range.count) + ":";
    for (const std::size_t point : request.points) shown += std::to_string(point);
  }
  return shown;
}

TEST_CASE("ModbusPlan: neighbours are read at once, in whatever order they are configured") {
  CHECK(Plan({At(102, 2), At(100, 2)}) == "100+4:10");
  CHECK(Plan({At(100, 4), At(101), At(101)}) == "100+4:012");
}

TEST_CASE("ModbusPlan: a small gap is read too, a wide one is not") {
  CHECK(Plan({At(100), At(109)}) == "100+10:01");
  CHECK(Plan({At(100), At(110)}) == "100+1:0 110+1:1");
}

TEST_CASE("ModbusPlan: a request has 125 registers at most, or what the line allows") {
  std::vector<ModbusPoint> points;
  for (std::uint16_t i = 0; i < 65; ++i) {
    points.push_back(At(static_cast<std::uint16_t>(2 * i), 2));
  }
  const auto requests = PlanModbus(points, kModbusMaxRegisters);
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].range.count == 124);
  CHECK(requests[1].range.first == 124);
  CHECK(Plan({At(0, 4), At(4, 4)}, 7) == "0+4:0 4+4:1");
}

TEST_CASE("ModbusPlan: units, tables and periods are not mixed") {
  CHECK(PlanModbus(std::vector{At(0), At(1, 1, 2)}, 125).size() == 2);
  CHECK(PlanModbus(std::vector{At(0), At(1, 1, 1, ModbusTable::kInput)}, 125).size() == 2);
  CHECK(PlanModbus(std::vector{At(0), At(1, 1, 1, ModbusTable::kHolding, 5)}, 125).size() == 2);
}

TEST_CASE("ModbusPlan: the last register is one like the others") {
  CHECK(Plan({At(65'534), At(65'535)}) == "65534+2:01");
}

}  // namespace
}  // namespace fleet_edge::drivers
