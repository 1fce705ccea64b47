#pragma once

#include <optional>
#include <string_view>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {

/// Reads what the agent shows the driver on `<prefix>/<vehicle>/alerts/…`. Nothing when it is no
/// change of an alert: another topic, an empty payload (taken off), not the agent's JSON.
std::optional<DisplayedChange> ReadDisplay(std::string_view prefix, std::string_view topic,
                                           std::string_view payload, UtcTime arrived);

}  // namespace fleet_edge::simulators
