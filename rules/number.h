#pragma once

#include <optional>
#include <string_view>

namespace fleet_edge::rules {

/// Reads a number as PromQL writes it: `1_000`, `.5e3`, `0x1f`, and as Go reads it: `010` is octal.
/// Nothing when it is none.
std::optional<double> ParseNumber(std::string_view text);

}  // namespace fleet_edge::rules
