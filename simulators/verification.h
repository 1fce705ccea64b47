#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/kafka_consumer.h"
#include "simulators/report.h"
#include "simulators/stop_signal.h"

namespace fleet_edge::simulators {

/// What a verification holds against what, and how long it waits.
struct VerificationOptions {
  std::string ledger;
  KafkaConsumer::Options hub;
  Duration timeout =
      std::chrono::seconds{30};               ///< for what is missing when the ledger is at its end
  Duration settle = std::chrono::seconds{2};  ///< for what is too many when nothing is missing
  Duration durable_within = std::chrono::seconds{2};
  Duration slack = std::chrono::milliseconds{500};
  Duration lateness = std::chrono::milliseconds{500};
  std::vector<UtcTime> killed_at;
};

/// Follows ledger and hub, which may still be growing, until the ledger has its end and everything
/// is there, or `timeout` has passed since the last of both, or ten of it since the ledger's end. A
/// ledger on which nothing happens for `timeout` is given up, and so is everything at a signal; the
/// report then says that it is not complete, unless the end was there. Throws std::runtime_error
/// when the ledger is damaged or the hub refuses us.
Report VerifyRun(const VerificationOptions& options, StopSignal& stop);

}  // namespace fleet_edge::simulators
