#pragma once

#include <cstddef>
#include <string_view>

#include "core/diagnostic.h"

namespace fleet_edge::rules {

/// Where the character at `offset` stands; beyond the text, where the next one would.
Position PositionInText(std::string_view text, std::size_t offset);

}  // namespace fleet_edge::rules
