#include "drivers/modbus/modbus_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <tuple>
#include <vector>

namespace fleet_edge::drivers {
namespace {

bool Joins(const ModbusRequest& request, const ModbusPoint& point, unsigned max_registers) {
  const ModbusRange& range = request.range;
  return range.unit == point.range.unit && range.table == point.range.table &&
         request.every == point.every && point.range.first <= range.end() + kModbusMaxGap &&
         point.range.end() - range.first <= max_registers;
}

}  // namespace

std::vector<ModbusRequest> PlanModbus(std::span<const ModbusPoint> points,
                                      std::uint16_t max_registers) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const ModbusPoint& point = points[i];
    return std::tuple(point.range.unit, point.range.table, point.every, point.range.first, i);
  });
  std::vector<ModbusRequest> requests;
  for (const std::size_t i : order) {
    const ModbusPoint& point = points[i];
    if (requests.empty() || !Joins(requests.back(), point, max_registers)) {
      requests.push_back({.range = point.range, .every = point.every, .points = {}});
    }
    ModbusRange& range = requests.back().range;
    range.count =
        static_cast<std::uint16_t>(std::max(range.end(), point.range.end()) - range.first);
    requests.back().points.push_back(i);
  }
  return requests;
}

}  // namespace fleet_edge::drivers
