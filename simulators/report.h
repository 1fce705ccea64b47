#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"

namespace fleet_edge::simulators {

/// What came of holding the hub against a ledger. A value.
struct Report {
  struct Readings {
    std::uint64_t expected = 0;     ///< sent and acknowledged by the MQTT broker
    std::uint64_t arrived = 0;      ///< of these
    std::uint64_t lost = 0;         ///< promised, not there
    std::uint64_t unpromised = 0;   ///< not there, and never promised: sent right before a SIGKILL,
                                    ///< or not acknowledged
    std::uint64_t duplicated = 0;   ///< there again under another key
    std::uint64_t redelivered = 0;  ///< the same around a SIGKILL: MQTT delivers at least once too
    std::uint64_t altered = 0;      ///< another value than its resolution allows
    std::uint64_t invented = 0;     ///< of a known series, at a time when nothing was sent
    std::uint64_t not_good = 0;     ///< arrived with another quality than good
    std::uint64_t other = 0;        ///< of series that the ledger doesn't know: rules' results
  };

  struct Records {
    std::uint64_t telemetry = 0;  ///< first deliveries, and the next two
    std::uint64_t alerts = 0;
    std::uint64_t status = 0;
    std::uint64_t repeated = 0;      ///< on the wire, with a key that was there: allowed, dropped
    std::uint64_t out_of_order = 0;  ///< first deliveries
    std::uint64_t altered = 0;       ///< a key that was there, with other bytes; or not decodable
    std::uint64_t missing = 0;       ///< numbers missing below ones that are there
    std::uint64_t skipped = 0;       ///< that the hub dropped before they were read
  };

  struct Alerts {
    std::uint64_t expected = 0;  ///< changes that must follow
    std::uint64_t arrived = 0;   ///< of these
    std::uint64_t missing = 0;
    std::uint64_t excess = 0;  ///< changes that nothing explains
    std::uint64_t open = 0;    ///< changes that may follow or not: near a threshold, at the end of
                               ///< the run, around a SIGKILL
    std::uint64_t other = 0;   ///< of alerts that the ledger doesn't judge
  };

  /// Of the driver's alerts: arrival − (evaluation instant + lateness).
  struct Latency {
    std::size_t count = 0;
    Duration p50{};
    Duration p99{};
    Duration max{};
  };

  Readings readings;
  Records records;
  Alerts alerts;
  Latency driver;
  std::uint64_t wire_bytes = 0;       ///< keys, values and headers of telemetry, uncompressed
  std::uint64_t wire_readings = 0;    ///< in them
  std::vector<std::string> gaps;      ///< losses that the agents themselves have reported
  std::vector<std::string> findings;  ///< examples of what is wrong, the first of them
  bool complete = false;              ///< the run is over and its ledger has its end

  /// Nothing is lost, duplicated, out of order, altered, missing or in excess, and there was
  /// something to hold against.
  bool Holds() const;

  double BytesPerReading() const;
};

/// How many findings a report keeps.
inline constexpr std::size_t kMaxFindings = 20;

}  // namespace fleet_edge::simulators
