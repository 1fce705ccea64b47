#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fleet_edge::rules {

/// One line of what was expected, of what came, or of both.
struct DifferenceLine {
  enum class Side : std::uint8_t { kBoth, kExpected, kGot };

  Side side = Side::kBoth;
  std::string text;

  friend bool operator==(const DifferenceLine&, const DifferenceLine&) = default;
};

/// Both texts in one, with as many lines in common as can be; where they part, what was expected
/// stands first. Beyond a million pairs of lines nothing is in common but what both begin and end
/// with.
std::vector<DifferenceLine> Difference(const std::vector<std::string>& expected,
                                       const std::vector<std::string>& got);

}  // namespace fleet_edge::rules
