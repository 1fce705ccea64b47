#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/outage.h"
#include "simulators/stop_signal.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::agents {

struct FleetOptions {
  std::string hub;
  uplink::KafkaProperties properties;
  std::string ledger;
  simulators::FleetPlan plan;
  Duration duration = std::chrono::minutes{1};
  Duration send_every = std::chrono::seconds{10};
  Duration patience = std::chrono::minutes{1};
  Bytes outbox = MiB(1);
  std::vector<std::string> rules;
  std::vector<simulators::Outage> outages;
  double speed = 1;
  bool as_fast_as_possible = false;
};

/// `fleet-sim fleet`: its arguments, read into `options`.
CLI::App& AddFleetCommand(CLI::App& app, FleetOptions& options);

/// Its exit code: 0 when all was sent and acknowledged. Throws std::runtime_error.
int RunFleet(const FleetOptions& options, simulators::StopSignal& stop);

}  // namespace fleet_edge::agents
