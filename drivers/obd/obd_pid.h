#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace fleet_edge::drivers {

/// One parameter of OBD-II's service 01, "current powertrain diagnostic data" (SAE J1979,
/// ISO 15031-5, appendix B): raw × scale + offset, raw being `bytes` bytes, the highest first.
struct ObdPid {
  std::uint8_t pid;
  std::string_view description;  ///< a few words
  std::string_view signal;       ///< of the catalogue: read unless others are asked for; else empty
  std::uint8_t bytes;            ///< 1 to 4
  double scale;
  double offset;
  std::string_view unit;  ///< as FindConversion() knows it where the catalogue has its like
  Duration every;         ///< how often it is asked for by default
};

/// All that are known, by number.
std::span<const ObdPid> ObdPids();

/// Null when it is not known.
const ObdPid* FindObdPid(std::uint8_t pid);

/// `5C`, as workshops write it.
std::string ObdPidName(std::uint8_t pid);

/// Reads `0x5C`, `5C` and `5`: hexadecimal always. Nothing when it is none.
std::optional<std::uint8_t> ParseObdPid(std::string_view text);

/// What a control unit says to a request of service 01. A value; borrows nothing.
struct ObdResponse {
  struct Value {
    std::uint8_t pid;
    double value;  ///< in ObdPid::unit
  };

  std::vector<Value> values;
  std::vector<std::uint8_t> supported;   ///< PIDs, from the bitmaps 00, 20, … E0
  std::optional<std::uint8_t> negative;  ///< the code of a refusal, ISO 14229-1 table A.1
  std::string_view refused;  ///< a reason of drivers/rejections.h for what is left over; or empty
};

/// `message`: `41 PID data PID data …` or `7F 01 code`. One that begins with a parameter that is
/// not known can't be read on, since only the table tells its length.
ObdResponse ReadObdResponse(std::span<const std::uint8_t> message);

/// Service 01, which asks for current data; its answers have 0x40 more (ISO 15031-5).
inline constexpr std::uint8_t kObdService = 0x01;
inline constexpr std::uint8_t kObdNegative = 0x7F;

/// "Request correctly received, response pending": the answer follows (ISO 14229-1).
inline constexpr std::uint8_t kObdPending = 0x78;

/// True for 00, 20, … E0, whose four bytes say which of the next 32 a control unit supports.
constexpr bool IsObdBitmap(std::uint8_t pid) { return pid % 0x20 == 0; }

}  // namespace fleet_edge::drivers
