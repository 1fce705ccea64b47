#include "uplink/batch.h"

#include <array>
#include <cstddef>
#include <string_view>

#include "core/bytes.h"

namespace fleet_edge::uplink {
namespace {

constexpr std::array<std::string_view, kLanes.size()> kNames{"alert", "status", "telemetry"};
constexpr std::array<std::string_view, kLanes.size()> kTopics{"fleet.alerts.v1", "fleet.status.v1",
                                                              "fleet.telemetry.v1"};

}  // namespace

std::string_view ToString(Lane lane) { return kNames.at(static_cast<std::size_t>(lane)); }

std::string_view TopicOf(Lane lane) { return kTopics.at(static_cast<std::size_t>(lane)); }

Bytes MemoryOf(const Batch& batch) {
  constexpr std::size_t kBookkeeping = 64;  // a pointer to it, the allocator's headers
  return {sizeof(Batch) + kBookkeeping + batch.body.size()};
}

}  // namespace fleet_edge::uplink
