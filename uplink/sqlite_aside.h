#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace fleet_edge::uplink {

// Damaged databases that were put aside, for people: `<path>.corrupt-<n>`, each with its journal
// `<path>.corrupt-<n>-wal`.

/// Key of `meta`: how many are not kept any more.
inline constexpr const char* kAsidesRemovedKey = "asides_removed";

/// The name that the next one gets, above all that are there: the greatest is the newest.
std::string NextAside(const std::string& path);

/// Removes what is beyond half of `quota`, and logs it. The newest stays whatever its size; beside
/// it the first, which is nearest to the cause, and then the newer ones, as they fit. What is no
/// file stays, and counts for nothing. Returns how many went.
std::uint64_t TrimAsides(const std::string& path, Bytes quota);

}  // namespace fleet_edge::uplink
