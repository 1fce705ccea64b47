#pragma once

#include <string>

#include "agent/config/config.h"
#include "agent/config/config_source.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {

/// What only shows when the whole configuration is known: keys that don't fit together, patterns
/// that name no file. Also fills in defaults that follow from other keys (outbox.batch.max_age from
/// uplink.send_every and outbox.durable_within).
void CheckConfig(const ConfigSource& source, Config& config, Diagnostics& findings);

/// On which side of the trade between durability and flash the configuration is, as one sentence.
std::string DurabilityNote(const Config& config);

/// Whether there is a hub to send to.
void CheckHub(const ConfigSource& source, Config& config, Diagnostics& findings);

}  // namespace fleet_edge::agent
