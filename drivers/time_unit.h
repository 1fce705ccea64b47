#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::drivers {

/// How a source writes the time of its readings.
enum class TimeUnit { kSeconds, kMilliseconds, kMicroseconds, kNanoseconds, kIso8601 };

/// For error messages.
inline constexpr std::string_view kTimeUnitNames = "s, ms, us, ns, iso8601";

std::optional<TimeUnit> ParseTimeUnit(std::string_view text);

/// Time since 1970 as a count of `unit`. Nothing outside the years 1900–2200, and for kIso8601,
/// which is no count.
std::optional<UtcTime> FromCount(double count, TimeUnit unit);

/// The same, exact.
std::optional<UtcTime> FromCount(std::int64_t count, TimeUnit unit);

}  // namespace fleet_edge::drivers
