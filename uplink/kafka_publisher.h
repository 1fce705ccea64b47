#pragma once

#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "uplink/kafka_properties.h"
#include "uplink/publisher.h"

namespace fleet_edge::uplink {

/// Makes a publisher to Kafka. `properties` override DefaultKafkaProperties(); `vehicle` is the key
/// of every record. `clock` outlives it. Errors: kFatal, a property that is refused; the message
/// names the key, the value (unless it is a secret) and the reason.
Result<std::unique_ptr<Publisher>> MakeKafkaPublisher(const KafkaProperties& properties,
                                                      const std::string& vehicle,
                                                      const Clock& clock);

}  // namespace fleet_edge::uplink
