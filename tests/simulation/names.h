#pragma once

#include <string>

#include "uplink/batch.h"

namespace fleet_edge::simulation {

/// `telemetry/<epoch>/<seq>`.
inline std::string NameOf(const uplink::BatchId& id) {
  return std::string(ToString(id.lane)) + "/" + std::to_string(id.epoch) + "/" +
         std::to_string(id.seq);
}

}  // namespace fleet_edge::simulation
