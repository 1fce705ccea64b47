#pragma once

#include <string>

#include "core/result.h"
#include "uplink/batch.h"

namespace fleet_edge::agent {

/// A batch for people and scripts: a JSON object a line, one for each reading or event. Errors:
/// kDrop, its body can't be decoded.
Result<std::string> ToNdjson(const uplink::Batch& batch);

/// A batch as the Kafka record that it would be: a length-delimited fleet.v1.ExportedRecord.
/// Errors: kDrop, its body can't be decoded.
Result<std::string> ToExportedRecord(const uplink::Batch& batch);

}  // namespace fleet_edge::agent
