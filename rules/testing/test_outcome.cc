#include "rules/testing/test_outcome.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace fleet_edge::rules {

std::string_view ToString(Mismatch::Kind kind) {
  static constexpr std::array<std::string_view, 5> kNames{"alert", "expression", "notification",
                                                          "rule", "input"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace fleet_edge::rules
