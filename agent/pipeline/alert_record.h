#pragma once

#include "fleet/v1/alert.pb.h"
#include "rules/alert_event.h"

namespace fleet_edge::agent {

/// The hub's form of an alert's change of state. Vehicle, epoch, seq and clock_synced are filled in
/// by whoever numbers it. Texts are
/// UTF-8: a byte that is none would cost consumers the whole record, and is replaced.
fleet::v1::AlertEvent AlertRecord(const rules::AlertEvent& event);

}  // namespace fleet_edge::agent
