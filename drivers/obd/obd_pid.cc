#include "drivers/obd/obd_pid.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

constexpr double kPercent = 100.0 / 255;

// SAE J1979 / ISO 15031-5, appendix B; 5A and higher: SAE J1979-DA. Bytes, scale and offset as
// there. Those that the catalogue has are asked for as often as it says that vehicles measure them,
// the coolant half as often: it has a thermal mass.
constexpr std::array kPids{
    ObdPid{0x04, "engine load", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x05, "coolant temperature", "engine_coolant_celsius", 1, 1, -40, "°C", seconds{2}},
    ObdPid{0x0A, "fuel pressure", "", 1, 3, 0, "kPa", seconds{2}},
    ObdPid{0x0B, "intake manifold pressure", "", 1, 1, 0, "kPa", seconds{2}},
    ObdPid{0x0C, "engine speed", "engine_rpm", 2, 0.25, 0, "rpm", seconds{1}},
    ObdPid{0x0D, "vehicle speed", "vehicle_speed_kmh", 1, 1, 0, "km/h", seconds{1}},
    ObdPid{0x0E, "timing advance", "", 1, 0.5, -64, "°", seconds{2}},
    ObdPid{0x0F, "intake air temperature", "", 1, 1, -40, "°C", seconds{10}},
    ObdPid{0x10, "mass air flow", "", 2, 0.01, 0, "g/s", seconds{2}},
    ObdPid{0x11, "throttle position", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x1F, "run time since start", "", 2, 1, 0, "s", seconds{10}},
    ObdPid{0x21, "distance with the malfunction lamp on", "", 2, 1, 0, "km", seconds{10}},
    ObdPid{0x2F, "fuel level", "fuel_percent", 1, kPercent, 0, "%", seconds{10}},
    ObdPid{0x30, "warm-ups since codes were cleared", "", 1, 1, 0, "", seconds{10}},
    ObdPid{0x31, "distance since codes were cleared", "", 2, 1, 0, "km", seconds{10}},
    ObdPid{0x33, "barometric pressure", "", 1, 1, 0, "kPa", seconds{10}},
    ObdPid{0x42, "control module voltage", "battery_volts", 2, 0.001, 0, "V", seconds{2}},
    ObdPid{0x43, "absolute load", "", 2, kPercent, 0, "%", seconds{2}},
    ObdPid{0x45, "relative throttle position", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x46, "ambient air temperature", "ambient_celsius", 1, 1, -40, "°C", seconds{10}},
    ObdPid{0x47, "throttle position B", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x49, "pedal position D", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x4A, "pedal position E", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x4C, "commanded throttle", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x4D, "time with the malfunction lamp on", "", 2, 1, 0, "min", seconds{10}},
    ObdPid{0x4E, "time since codes were cleared", "", 2, 1, 0, "min", seconds{10}},
    ObdPid{0x52, "ethanol in the fuel", "", 1, kPercent, 0, "%", seconds{10}},
    ObdPid{0x5A, "relative pedal position", "", 1, kPercent, 0, "%", seconds{2}},
    ObdPid{0x5B, "hybrid battery charge", "", 1, kPercent, 0, "%", seconds{10}},
    ObdPid{0x5C, "engine oil temperature", "", 1, 1, -40, "°C", seconds{10}},
    ObdPid{0x5E, "engine fuel rate", "", 2, 0.05, 0, "L/h", seconds{2}},
    ObdPid{0x61, "torque demanded by the driver", "", 1, 1, -125, "%", seconds{2}},
    ObdPid{0x62, "actual engine torque", "", 1, 1, -125, "%", seconds{2}},
    ObdPid{0x63, "reference engine torque", "", 2, 1, 0, "Nm", seconds{10}},
    ObdPid{0xA6, "odometer", "odometer_km", 4, 0.1, 0, "km", seconds{10}},
};

constexpr std::size_t kBitmapBytes = 4;

/// The bytes of `pid`'s data; 0 when that is not known.
std::size_t LengthOf(std::uint8_t pid) {
  if (IsObdBitmap(pid)) return kBitmapBytes;
  const ObdPid* const known = FindObdPid(pid);
  return known == nullptr ? 0 : known->bytes;
}

std::uint32_t BigEndian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8U | byte;
  return value;
}

/// The highest bit stands for the PID after the bitmap's own (SAE J1979, table A1).
void ReadBitmap(std::uint8_t first, std::uint32_t bits, std::vector<std::uint8_t>& supported) {
  for (std::uint32_t i = 1; i <= 0x20 && first + i <= 0xFF; ++i) {
    if ((bits >> (0x20 - i) & 1U) != 0) supported.push_back(static_cast<std::uint8_t>(first + i));
  }
}

}  // namespace

std::span<const ObdPid> ObdPids() { return kPids; }

const ObdPid* FindObdPid(std::uint8_t pid) {
  const auto* const found = std::ranges::find(kPids, pid, &ObdPid::pid);
  return found == kPids.end() ? nullptr : found;
}

std::string ObdPidName(std::uint8_t pid) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[pid >> 4U], kDigits[pid & 0xFU]};
}

std::optional<std::uint8_t> ParseObdPid(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::uint8_t pid = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, pid, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return pid;
}

ObdResponse ReadObdResponse(std::span<const std::uint8_t> message) {
  ObdResponse response;
  if (message.size() >= 3 && message[0] == kObdNegative && message[1] == kObdService) {
    response.negative = message[2];
    return response;
  }
  if (message.size() < 2 || message[0] != kObdService + 0x40) {
    response.refused = message.size() < 2 ? reason::kMalformed : reason::kUnreadType;
    return response;
  }
  message = message.subspan(1);
  bool first = true;
  while (!message.empty()) {
    const std::uint8_t pid = message[0];
    // A lone PID 00 at the end is padding that an adapter has not cut off.
    if (!first && pid == 0) break;
    const std::size_t length = LengthOf(pid);
    if (length == 0 || message.size() < 1 + length) {
      response.refused = length == 0 ? reason::kUnreadType : reason::kMalformed;
      break;
    }
    const std::uint32_t raw = BigEndian(message.subspan(1, length));
    if (IsObdBitmap(pid)) {
      ReadBitmap(pid, raw, response.supported);
    } else {
      const ObdPid& known = *FindObdPid(pid);
      response.values.push_back({pid, raw * known.scale + known.offset});
    }
    message = message.subspan(1 + length);
    first = false;
  }
  return response;
}

}  // namespace fleet_edge::drivers
