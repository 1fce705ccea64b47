#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "uplink/kafka_properties.h"
#include "uplink/publisher.h"

namespace fleet_edge::uplink {

/// What a record tells of itself beside its value.
enum class RecordStyle : std::uint8_t {
  kPlain,        ///< nothing
  kCloudEvents,  ///< the headers of a CloudEvent
};

/// Makes a publisher to Kafka. `properties` override DefaultKafkaProperties(); `vehicle` is the key
/// of every record. `clock` outlives it. Errors: kFatal, a property that is refused; the message
/// names the key, the value (unless it is a secret) and the reason.
Result<std::unique_ptr<Publisher>> MakeKafkaPublisher(const KafkaProperties& properties,
                                                      const std::string& vehicle,
                                                      const Clock& clock,
                                                      RecordStyle style = RecordStyle::kPlain);

}  // namespace fleet_edge::uplink
