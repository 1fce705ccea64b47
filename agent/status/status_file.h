#pragma once

#include <string>

#include "core/result.h"

namespace fleet_edge::agent {

/// Replaces `path` as a whole: who reads it sees the old text or the new. All may read it.
/// Errors: kRetry with the reason; the old text stays.
Result<void> ReplaceFile(const std::string& path, const std::string& text);

}  // namespace fleet_edge::agent
