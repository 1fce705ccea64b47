#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::agent {

/// Counters and gauges in OpenMetrics 1.0 text, which prometheus-cpp doesn't write: a counter's
/// family is named without `_total`, a unit has its line, `# EOF` is the end. Other kinds are left
/// out.
std::string OpenMetricsText(const std::vector<prometheus::MetricFamily>& families);

/// Whether a client with this Accept header takes OpenMetrics, and nothing rather than it.
bool PrefersOpenMetrics(std::string_view accept);

}  // namespace fleet_edge::agent
