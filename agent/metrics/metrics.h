#pragma once

#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// Shows the agent to Prometheus.
///
/// Owned by App, called on the thread of the HttpServer.
class Metrics {
 public:
  struct Options {
    bool signals = false;  ///< with fleet_edge_signal_value
  };

  /// One page and its Content-Type.
  struct Page {
    std::string type;
    std::string text;
  };

  explicit Metrics(Options options) : options_(options) {}

  /// In OpenMetrics where `accept` (the header) prefers it, else in Prometheus's text format.
  Page Write(const AgentView& view, std::string_view accept);

 private:
  const Options options_;
  UtcTime started_;  // as it was shown last
};

}  // namespace fleet_edge::agent
