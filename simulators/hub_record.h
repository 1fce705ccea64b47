#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fleet_edge::simulators {

/// A record as a consumer gets it. A value.
struct HubRecord {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key{};
  std::string value{};
  std::size_t header_bytes = 0;  ///< names and values of its headers
};

}  // namespace fleet_edge::simulators
