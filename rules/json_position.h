#pragma once

#include <string_view>

#include "core/diagnostic.h"

namespace fleet_edge::rules {

/// Where the value at `pointer` (RFC 6901, without escapes: `/features/3/geometry`) begins in
/// `json`, or the nearest value around it that is there.
Position PositionInJson(std::string_view json, std::string_view pointer);

/// Where `json` ceases to be JSON; line 0 when its brackets, strings and separators are in order.
Position PositionOfJsonError(std::string_view json);

}  // namespace fleet_edge::rules
