#pragma once

#include "agent/config/config.h"
#include "agent/doctor/account.h"
#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// Whether the status page and the metrics can be served where the configuration says, by
/// `account`. Listens there for a moment. Precondition: no agent does.
Finding TryListening(const HttpConfig& http, const Account& account);

}  // namespace fleet_edge::agent::doctor
