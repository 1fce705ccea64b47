#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"

namespace fleet_edge::uplink {

/// One reading as a consumer of the hub has it.
struct DecodedReading {
  std::string signal;
  Labels labels{};
  UtcTime time{};
  double value = 0;
  fleet::v1::Quality quality = fleet::v1::QUALITY_GOOD;
};

/// `engine_rpm` of SIGNAL_ENGINE_RPM.
std::string SignalName(fleet::v1::Signal signal);

/// All readings of a batch of either encoding, in the order of its series. Errors: kDrop, it is no
/// batch that an encoder makes (cut off, an index beyond its table, more than 2^20 readings).
Result<std::vector<DecodedReading>> DecodeBatch(const fleet::v1::TelemetryBatch& batch);

}  // namespace fleet_edge::uplink
