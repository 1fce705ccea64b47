#include "uplink/cloud_event.h"

#include <array>
#include <cstddef>
#include <string>

#include "core/time.h"
#include "uplink/batch.h"

namespace fleet_edge::uplink {
namespace {

constexpr std::array<const char*, kLanes.size()> kTypes{
    "fleet.v1.AlertEvent", "fleet.v1.StatusEvent", "fleet.v1.TelemetryBatch"};

}  // namespace

RecordHeaders CloudEventHeaders(const std::string& vehicle, const Batch& batch) {
  // Each lane counts for itself: the lane is part of the name.
  const std::string id = std::string(ToString(batch.id.lane)) + "-" +
                         std::to_string(batch.id.epoch) + "-" + std::to_string(batch.id.seq);
  return {{"ce_specversion", "1.0"},
          {"ce_id", id},
          {"ce_source", "/vehicles/" + vehicle},
          {"ce_type", kTypes.at(static_cast<std::size_t>(batch.id.lane))},
          {"ce_time", fleet_edge::ToString(batch.time)},
          {"content-type", "application/protobuf"}};
}

}  // namespace fleet_edge::uplink
