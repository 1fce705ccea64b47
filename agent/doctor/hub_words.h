#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "agent/doctor/tls.h"
#include "core/bytes.h"
#include "uplink/kafka_probe.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::agent::doctor {

/// How the hub is to be reached, read from librdkafka's properties, whose names are as case is:
/// exact, and whose values are not.
bool WantsTls(const uplink::KafkaProperties& properties);
bool WantsLogin(const uplink::KafkaProperties& properties);
TlsSetup TlsOf(const uplink::KafkaProperties& properties, const std::string& host);

/// What a hub means that answered so to who came with `properties`.
Finding JudgeGreeting(const uplink::KafkaProbe::Answer& answer,
                      const uplink::KafkaProperties& properties, const std::string& subject);

/// What it means that librdkafka doesn't take `properties`, with `error`.
Finding JudgeProperties(const uplink::KafkaProperties& properties, const std::string& subject,
                        const std::string& error);

/// What a topic means to batches of `largest`. `made`: whether the hub makes topics by itself.
Finding JudgeTopic(const uplink::TopicFacts& topic, std::optional<bool> made, Bytes largest);

/// What became of the test record; `error` is empty when it was acknowledged.
Finding JudgeRecord(const std::string& topic, const std::string& error);

}  // namespace fleet_edge::agent::doctor
