#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fleet_edge::simulators {

/// A number as people read it: `1,234,567`.
inline std::string Grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3;) {
    place -= 3;
    text.insert(place, 1, ',');
  }
  return text;
}

}  // namespace fleet_edge::simulators
