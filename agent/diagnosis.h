#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/agent_view.h"
#include "agent/config.h"
#include "agent/health.h"

namespace fleet_edge::agent {

/// Finds what is wrong with the agent at one moment: the kinds of kProblemKinds. HealthWatch tells
/// which of it is worth people's time.
///
/// Owned by App, used on the main thread.
class Diagnosis {
 public:
  struct Options {
    std::string hub{};  ///< where it is, in words: `hub.example:9093`
  };

  explicit Diagnosis(Options options) : options_(std::move(options)) {}

  /// All that is found; their `since` is not set.
  std::vector<Problem> Find(const AgentView& view);

 private:
  const Options options_;
};

/// What the configuration tells of it.
Diagnosis::Options WhatToKnow(const Config& config);

}  // namespace fleet_edge::agent
