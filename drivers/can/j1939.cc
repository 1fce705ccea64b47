#include "drivers/can/j1939.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fleet_edge::drivers {
namespace {

// SAE J1939-71: byte positions, scales and offsets of each SPN. Temperatures of two bytes begin at
// -273 °C.
constexpr std::array kParameters{
    J1939Parameter{61444, 190, 4, 2, 0.125, 0, "engine_rpm", {}},
    J1939Parameter{65248, 245, 5, 4, 0.125, 0, "odometer_km", {}},
    J1939Parameter{65262, 110, 1, 1, 1, -40, "engine_coolant_celsius", {}},
    J1939Parameter{65265, 84, 2, 2, 1.0 / 256, 0, "vehicle_speed_kmh", {}},
    J1939Parameter{65269, 171, 4, 2, 0.03125, -273, "ambient_celsius", {}},
    J1939Parameter{65269, 79, 7, 2, 0.03125, -273, "road_surface_celsius", {}},
    J1939Parameter{65271, 168, 5, 2, 0.05, 0, "battery_volts", {}},
    J1939Parameter{65276, 96, 2, 1, 0.4, 0, "fuel_percent", {}},
    J1939Parameter{65276, 169, 5, 2, 0.03125, -273, "cargo_celsius", "1"},
};
static_assert(std::ranges::is_sorted(kParameters, {}, &J1939Parameter::pgn));

// SAE J1939-71, table 1, of the most significant byte: up to 0xFA a value, 0xFB to 0xFD reserved,
// 0xFE an error, 0xFF not available.
constexpr std::uint32_t kLastValue = 0xFA;
constexpr std::uint32_t kNotAvailable = 0xFF;

// Up to here the second byte of the identifier is a destination (PDU1), J1939-21, 5.3.
constexpr std::uint32_t kPdu2 = 240;
constexpr unsigned kByte = 8;

}  // namespace

J1939Id J1939Id::Of(std::uint32_t can_id) {
  J1939Id id;
  id.source = static_cast<std::uint8_t>(can_id & 0xFFU);
  const std::uint32_t specific = (can_id >> kByte) & 0xFFU;
  const std::uint32_t format = (can_id >> (2 * kByte)) & 0xFFU;
  const std::uint32_t pages = (can_id >> (3 * kByte)) & 0x3U;
  id.pgn = (pages << (2 * kByte)) | (format << kByte);
  if (format >= kPdu2) {
    id.pgn |= specific;
  } else {
    id.destination = static_cast<std::uint8_t>(specific);
  }
  return id;
}

std::span<const J1939Parameter> J1939Parameters() { return kParameters; }

bool ReadJ1939(std::uint32_t pgn, std::span<const std::uint8_t> data, J1939Report& report) {
  report.clear();
  const auto group = std::ranges::equal_range(kParameters, pgn, {}, &J1939Parameter::pgn);
  for (const J1939Parameter& parameter : group) {
    const std::size_t first = parameter.first_byte - 1U;
    if (data.size() < first + parameter.bytes) continue;
    std::uint32_t raw = 0;
    for (std::size_t byte = parameter.bytes; byte-- > 0;) {
      raw = (raw << kByte) | data[first + byte];
    }
    const auto place = static_cast<std::size_t>(&parameter - kParameters.data());
    const std::uint32_t top = data[first + parameter.bytes - 1U];
    if (top <= kLastValue) {
      report.values.push_back({place, raw * parameter.scale + parameter.offset});
    } else if (top != kNotAvailable) {
      report.failed.push_back(place);
    }
  }
  return !group.empty();
}

}  // namespace fleet_edge::drivers
