#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/health/agent_view.h"
#include "agent/health/counter_growth.h"
#include "agent/health/driver_diagnosis.h"
#include "agent/health/health.h"
#include "uplink/ledger.h"

namespace fleet_edge::agent {

/// Finds what is wrong with the agent at one moment: the kinds of kProblemKinds. HealthWatch tells
/// which of it is worth people's time.
///
/// Owned by App, used on the main thread. What only grows, such as counters, is compared with the
/// look before.
class Diagnosis {
 public:
  struct Options {
    std::string hub{};        ///< where it is, in words: `hub.example:9093`
    SilenceLimits silence{};  ///< of drivers
  };

  explicit Diagnosis(Options options) : options_(std::move(options)) {}

  /// All that is found; their `since` is not set.
  std::vector<Problem> Find(const AgentView& view);

 private:
  using Dropped = decltype(uplink::Ledger::Snapshot::dropped);

  void FindDrops(const AgentView& view, std::vector<Problem>& found);

  const Options options_;
  CounterGrowth growth_;
  Dropped dropped_;                      // at the look before
  std::optional<BootTime> awake_since_;  // the vehicle; nothing while nothing shows it
};

/// What the configuration tells of it.
Diagnosis::Options WhatToKnow(const Config& config);

}  // namespace fleet_edge::agent
