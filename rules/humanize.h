#pragma once

#include <string>

namespace fleet_edge::rules {

// Numbers as Prometheus's template functions of the same names write them, to four digits.

/// `1.235k`, `12m`: with metric prefixes.
std::string Humanize(double value);

/// `1.206ki`: with prefixes of 1024.
std::string Humanize1024(double value);

/// `1d 2h 3m 4s`, `12.35s`, `5ms`: `seconds` as a duration.
std::string HumanizeDuration(double seconds);

/// `12.35%`: a share of 1.
std::string HumanizePercentage(double share);

/// `2026-11-21 12:41:45 +0000 UTC`: seconds since 1970, down to milliseconds. Nothing (an empty
/// text) when the year lies outside 1677 to 2262.
std::string HumanizeTimestamp(double seconds);

}  // namespace fleet_edge::rules
