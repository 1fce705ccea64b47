#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge {

using Duration = std::chrono::microseconds;

/// Event time: UTC since 1970, in microseconds.
using UtcTime = std::chrono::sys_time<Duration>;

/// Tag of CLOCK_BOOTTIME: counts on through suspend, never runs backwards, starts anew at each
/// boot.
struct Boot {};

/// A moment of this boot; for deadlines and ages, never for event time.
using BootTime = std::chrono::time_point<Boot, Duration>;

/// Reads a duration as Prometheus writes it (`10s`, `1h30m`, `500ms`, `1d`, `1w`, `1y`; units in
/// falling order, each once) and `0`. Nothing when it is none, or exceeds 100 years.
std::optional<Duration> ParseDuration(std::string_view text);

/// Prometheus's form, exact to the microsecond: `1h30m`, `10s`, `500ms`, `1500us`.
std::string ToString(Duration duration);

/// ISO 8601 with as many decimals as are needed (0, 3 or 6): `2026-11-21T06:28:35.250Z`.
std::string ToString(UtcTime time);

/// Reads ISO 8601 (`2026-11-21T06:28:35[.frac](Z|±hh:mm)`; `T` may be a space; no zone means UTC).
/// Nothing when it is none.
std::optional<UtcTime> ParseUtcTime(std::string_view text);

/// Seconds since 1970 as a real number, exact to the microsecond for dates of this century.
double ToSeconds(UtcTime time);
double ToSeconds(Duration duration);

/// Nothing when `seconds` isn't finite or lies outside the years 1900–2200.
std::optional<UtcTime> UtcFromSeconds(double seconds);

}  // namespace fleet_edge
