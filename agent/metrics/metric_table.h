#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fleet_edge::agent {

/// How a metric's values behave.
enum class MetricKind : std::uint8_t {
  kCounter,  ///< grows, and begins at 0 with each start
  kGauge,
};

/// What one metric means, to Prometheus (# HELP), to docs/metrics.md and to people.
struct MetricDoc {
  std::string_view name;
  MetricKind kind = MetricKind::kGauge;
  std::string_view labels;  ///< `driver, signal, reason`; empty: one series
  std::string_view help;    ///< a line, without a full stop
};

/// All metrics on /metrics, in the order in which they are shown. Every counter of the agent is one
/// of them.
std::span<const MetricDoc> MetricTable();

}  // namespace fleet_edge::agent
