#include "uplink/status.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace fleet_edge::uplink {

std::string_view ToString(PublisherStatus::Link link) {
  static constexpr std::array<std::string_view, 3> kNames{"connecting", "up", "down"};
  return kNames.at(static_cast<std::size_t>(link));
}

}  // namespace fleet_edge::uplink
