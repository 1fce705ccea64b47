#pragma once

#include <string>
#include <utility>
#include <vector>

#include "uplink/batch.h"

namespace fleet_edge::uplink {

/// A record's headers: names and values.
using RecordHeaders = std::vector<std::pair<std::string, std::string>>;

/// What a batch says of itself to those who read CloudEvents 1.0 in Kafka's binary mode. The same
/// each time it is sent: `ce_id` names it for good.
RecordHeaders CloudEventHeaders(const std::string& vehicle, const Batch& batch);

}  // namespace fleet_edge::uplink
