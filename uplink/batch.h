#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::uplink {

/// What a batch carries, in order of priority. Each lane has its own topic and its own sequence.
enum class Lane : std::uint8_t { kAlert, kStatus, kTelemetry };

inline constexpr std::array<Lane, 3> kLanes{Lane::kAlert, Lane::kStatus, Lane::kTelemetry};

/// `alert`, `status`, `telemetry`.
std::string_view ToString(Lane lane);

/// `fleet.alerts.v1` and so on.
std::string_view TopicOf(Lane lane);

/// Identity of a batch within its vehicle. Consumers drop what they have seen: at least once on the
/// wire, exactly once after one look at this key.
struct BatchId {
  Lane lane = Lane::kTelemetry;
  std::uint64_t epoch = 0;  ///< of the agent's start: milliseconds since 1970 above 20 random bits
  std::uint64_t seq = 0;    ///< counts the lane's batches of this epoch from 1

  friend auto operator<=>(const BatchId&, const BatchId&) = default;
};

/// A sealed batch: bytes for the hub and what the outbox must know of them. A value.
struct Batch {
  BatchId id;
  std::uint32_t count = 0;  ///< records inside
  UtcTime time;             ///< event time of sealing
  BootTime accepted;  ///< when its oldest record was accepted: durable_within counts from here
  std::string body;   ///< the record's value, serialized fleet.v1 message
};

/// What a batch takes in memory, its bookkeeping included.
Bytes MemoryOf(const Batch& batch);

}  // namespace fleet_edge::uplink
