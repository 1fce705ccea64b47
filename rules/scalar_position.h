#pragma once

#include <cstddef>
#include <string_view>

#include "core/diagnostic.h"
#include "core/yaml.h"

namespace fleet_edge::rules {

/// Where the character at `offset` of a scalar's value stands in its file: through quotes, escapes,
/// folded lines and blocks. `file_text` is the file that `scalar` was parsed from. The scalar's own
/// position when the two can't be aligned (aliases to tagged values, odd escapes).
Position PositionInScalar(std::string_view file_text, const YamlNode& scalar, std::size_t offset);

}  // namespace fleet_edge::rules
