#include "simulators/interfaces/candump_line.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/time.h"
#include "simulators/interfaces/bus_frame.h"

namespace fleet_edge::simulators {

std::string CandumpLine(const BusFrame& frame, UtcTime time) {
  constexpr std::int64_t kSecond = 1'000'000;
  const auto us = static_cast<long long>(time.time_since_epoch().count());
  std::array<char, 64> head{};
  std::snprintf(head.data(), head.size(),
                frame.extended ? "(%010lld.%06lld) can0 %08X#" : "(%010lld.%06lld) can0 %03X#",
                us / kSecond, us % kSecond, unsigned{frame.id});
  std::string line = head.data();
  for (std::size_t i = 0; i < frame.length; ++i) {
    std::array<char, 4> byte{};
    std::snprintf(byte.data(), byte.size(), "%02X", unsigned{frame.bytes.at(i)});
    line += byte.data();
  }
  return line + "\n";
}

}  // namespace fleet_edge::simulators
