#pragma once

#include <string>

#include "agent/json.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/result.h"
#include "uplink/status.h"

namespace fleet_edge::agent {

/// What the agent tells of itself, as one JSON object; docs/status-file.md has its keys.
JsonObject StatusJson(const uplink::UplinkStatus& uplink, const Counters& counters,
                      const Clock& clock);

/// Replaces `path` as a whole: who reads it sees the old text or the new.
/// Errors: kRetry with the reason; the old text stays.
Result<void> ReplaceFile(const std::string& path, const std::string& text);

}  // namespace fleet_edge::agent
