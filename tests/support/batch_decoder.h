#pragma once

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "fleet/v1/telemetry.pb.h"
#include "uplink/batch_decoder.h"

namespace fleet_edge {

using uplink::DecodedReading;

/// The readings of a batch that must be sound.
inline std::vector<DecodedReading> Decode(const fleet::v1::TelemetryBatch& batch) {
  auto readings = uplink::DecodeBatch(batch);
  REQUIRE(readings);
  return std::move(*readings);
}

}  // namespace fleet_edge
