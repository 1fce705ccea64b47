#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/section.h"

namespace fleet_edge::uplink {

/// librdkafka's properties by name.
using KafkaProperties = std::map<std::string, std::string>;

/// What holds where the configuration says nothing: an outbox behind a bad link.
const KafkaProperties& DefaultKafkaProperties();

/// True for properties whose value must not be shown.
bool IsSecretProperty(std::string_view name);

/// Why a property may not be set though librdkafka takes it, since it would break the outbox's
/// promise; empty when it may.
std::string_view WhyRefused(std::string_view name, std::string_view value);

/// True when they ask for TLS.
bool UsesTls(const KafkaProperties& properties);

/// Declares the key `kafka` of the configuration's `uplink`, and checks each property by asking
/// librdkafka.
void DescribeKafka(Section& section, KafkaProperties& properties);

}  // namespace fleet_edge::uplink
