#include "rules/text_position.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "core/diagnostic.h"

namespace fleet_edge::rules {

Position PositionInText(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
          static_cast<int>(before.size() - line_begin) + 1};
}

}  // namespace fleet_edge::rules
