#pragma once

#include <cstdint>

#include "core/clock.h"
#include "core/time.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// A number for this start: milliseconds since 1970 above 20 bits of `random`; greater than `last`
/// whatever the clock says, and with its own random bits even then.
std::uint64_t NewEpoch(UtcTime now, std::uint64_t last, std::uint32_t random);

/// Gives this start its epoch and commits it, so that the next start's is greater. Called once,
/// before the first batch is sealed. When the store can't commit it is logged, and the outbox
/// commits it with its first batches; until then the clock alone keeps epochs in order.
std::uint64_t StartEpoch(Store& store, const Clock& clock, std::uint32_t random);

}  // namespace fleet_edge::uplink
